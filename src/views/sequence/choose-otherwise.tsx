import { type FormEvent, useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { Input, Label, TextField } from 'react-aria-components/TextField';
import { formatDuration, parseDurationUs } from '../../base/units.ts';
import type { Action, OpenedInfo } from '../../worker/protocol.ts';
import { messageName, nodeName } from '../names.ts';
import type { Stage } from '../stage.ts';
import type { Passage } from './passage.ts';

type Chosen = Extract<Action, { do: 'choose' }>;

/** Takes the run back to just before it was decided what becomes of a passage, and has it go otherwise. */
export function chooseOtherwise(
  stage: Stage,
  { sender, nth, from, to, decidedUs, decidedRow }: Passage,
  fate: Chosen['fate'],
  takesUs = 0,
): void {
  const action: Chosen = { do: 'choose', sender, nth, from, to, fate, takesUs };
  stage.hop.set(decidedRow);
  stage.act(action, Math.max(0, decidedUs - 1));
}

/** A passage's time as it can be typed in again: `214.3ms`. */
const typed = (us: number): string =>
  us >= 1_000_000 ? `${us / 1_000_000}s` : us >= 1_000 ? `${us / 1_000}ms` : `${us}us`;

interface Props {
  readonly stage: Stage;
  readonly info: OpenedInfo;
  readonly passage: Passage;
}

/** What else could become of the arrow that is selected: earlier, later, never, twice. */
export function ChooseOtherwise({ stage, info, passage }: Props) {
  const { sender, nth, from, to, takesUs, canComeTwice } = passage;
  const [text, setText] = useState(takesUs === null ? '10ms' : typed(takesUs));
  const [problem, setProblem] = useState('');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const us = parseDurationUs(text.replaceAll(' ', ''));
    if (us === null) setProblem(`"${text}" is no duration; write one such as 12ms or 1.5s`);
    else chooseOtherwise(stage, passage, 'takes', us);
  };
  const was = takesUs === null ? 'was lost' : `takes ${formatDuration(takesUs)}`;
  return (
    <section className="choose-otherwise" aria-label="Choose otherwise">
      <p>
        <strong>Choose otherwise.</strong> {messageName(info, sender, nth)} from {nodeName(info, from)} to{' '}
        {nodeName(info, to)} {was}.
      </p>
      <form onSubmit={submit}>
        <TextField className="choose-takes" value={text} onChange={setText} isInvalid={problem !== ''}>
          <Label>takes</Label>
          <Input autoComplete="off" />
        </TextField>
        <Button className="small-button" type="submit">
          choose
        </Button>
        <Button className="small-button" onPress={() => chooseOtherwise(stage, passage, 'lost')}>
          never arrives
        </Button>
        {canComeTwice && (
          <Button className="small-button" onPress={() => chooseOtherwise(stage, passage, 'twice')}>
            arrives twice
          </Button>
        )}
      </form>
      {problem !== '' && <p role="alert">{problem}</p>}
    </section>
  );
}
