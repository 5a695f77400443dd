import type { RefObject } from 'react';
import { Group } from 'react-aria-components/Group';
import { STATE_FLOWS } from '../../../algorithms/rate-limit/states.ts';
import { rateLimitStates, rateLimitTimeline } from '../../../diagrams/rate-limit.ts';
import { CopyButton } from '../../copy-button.tsx';
import type { Stage } from '../../stage.ts';
import { svgFile } from '../drawing/svg-file.ts';
import { boundOf } from '../drawing/visible.ts';
import { commandLine } from '../model/command-line.ts';
import type { RateLab } from '../model/rate-lab.ts';
import { useGame } from './prediction-panel.tsx';

interface Props {
  readonly lab: RateLab;
  readonly svg: RefObject<SVGSVGElement | null>;
  readonly stage: Stage;
}

/** The timeline for a report: as a picture, as Mermaid text, and as the command that decides the same. */
export function Reports({ lab, svg, stage }: Props) {
  const { shown } = useGame(lab);
  // Whoever predicts could read the verdicts there.
  if (Number.isFinite(shown)) return null;
  const picture = (): string =>
    svg.current === null ? '' : svgFile(svg.current, stage.palette.current.ground, lab.timeline.current);
  const chosen = () => lab.timeline.current.chosen;
  return (
    <Group className="rate-reports" aria-label="For a report">
      <h3>For a report</h3>
      <CopyButton label="copy SVG" text={picture} />
      <CopyButton
        label="copy the timeline as Mermaid"
        text={() => rateLimitTimeline(chosen().config, chosen().decisions)}
      />
      <CopyButton
        label="copy the state flow as Mermaid"
        text={() => rateLimitStates(STATE_FLOWS[chosen().algorithm], boundOf(chosen()))}
      />
      <CopyButton
        label="copy the command"
        text={() => commandLine(chosen().config, lab.timeline.current.timesUs)}
      />
    </Group>
  );
}
