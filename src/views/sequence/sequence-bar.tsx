import { Button } from 'react-aria-components/Button';
import { ToggleButton } from 'react-aria-components/ToggleButton';
import { groupDigits } from '../../base/text.ts';
import { plainLines } from '../../diagrams/mermaid-text.ts';
import { wayText } from '../../diagrams/message-flow.ts';
import type { MessageName } from '../../trace/story.ts';
import { CopyButton } from '../copy-button.tsx';
import type { Stage } from '../stage.ts';
import type { SequenceModel } from './sequence-source.ts';

interface Props {
  readonly stage: Stage;
  readonly model: SequenceModel | null;
  readonly toScale: boolean;
  readonly onToScale: (toScale: boolean) => void;
  readonly showsMermaid: boolean;
  readonly onShowsMermaid: (shows: boolean) => void;
}

/** Which message this is, the ways to the others, and what can be done with the picture. */
export function SequenceBar({ stage, model, toScale, onToScale, showsMermaid, onShowsMermaid }: Props) {
  return (
    <div className="sequence-bar">
      <p className="sequence-title" data-saved>
        {model === null ? '' : titleOf(model)}
      </p>
      {model !== null && <Others stage={stage} model={model} />}
      <ToggleButton className="small-button" isSelected={toScale} onChange={onToScale}>
        time to scale
      </ToggleButton>
      <ToggleButton
        className="small-button"
        isSelected={showsMermaid}
        onChange={onShowsMermaid}
        isDisabled={model === null}
      >
        Mermaid
      </ToggleButton>
      {model !== null && <CopyButton label="copy as Mermaid" text={() => wayText(model.way)} />}
    </div>
  );
}

function titleOf({ way, chosen }: SequenceModel): string {
  const heading = plainLines(way.heading).filter((line) => line !== '');
  const out = chosen.leftOut > 0 ? `; ${groupDigits(chosen.leftOut)} more not drawn` : '';
  return `${heading.join(', ')}${out}`;
}

/** To the message before and after, in the order of sending. */
function Others({ stage, model }: { readonly stage: Stage; readonly model: SequenceModel }) {
  const { all, messages } = model.chosen;
  const now = messages.at(-1)!;
  const at = all.findIndex((one) => one.sender === now.sender && one.nth === now.nth);
  const go = ({ sender, nth }: MessageName): void => stage.select({ kind: 'message', sender, nth });
  if (all.length < 2) return null;
  return (
    <div className="sequence-others">
      <Button
        className="icon-button"
        aria-label="The message sent before"
        isDisabled={at <= 0}
        onPress={() => go(all[at - 1]!)}
      >
        ‹
      </Button>
      <span className="quiet number">
        {groupDigits(at + 1)} of {groupDigits(all.length)} traced
      </span>
      <Button
        className="icon-button"
        aria-label="The message sent after"
        isDisabled={at >= all.length - 1}
        onPress={() => go(all[at + 1]!)}
      >
        ›
      </Button>
    </div>
  );
}
