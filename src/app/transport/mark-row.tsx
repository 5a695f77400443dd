import { useMemo, useRef } from 'react';
import { Button } from 'react-aria-components/Button';
import { Toolbar } from 'react-aria-components/Toolbar';
import { Tooltip, TooltipTrigger } from 'react-aria-components/Tooltip';
import type { Mark } from '../../worker/protocol.ts';
import { momentWords } from '../clock.ts';
import { useLab, useSummary } from '../lab-context.ts';
import { useWidth } from '../use-width.ts';
import { clusterMarks, clusterText } from './cluster-marks.ts';

const WORDS: Readonly<Record<Mark['kind'], string>> = {
  fault: 'fault',
  violation: 'broken promise',
  say: 'narration',
  ask: 'question',
  hand: 'done by hand',
};

/** Shapes of 12 units, one a kind: nobody has to tell them by their colours. */
const SHAPES: Readonly<Record<Mark['kind'], string>> = {
  fault: 'M3 12V1h7L8 4l2 3H4v5z',
  violation: 'M6 0.5L12 11.5H0z',
  say: 'M6 3.5A2.5 2.5 0 1 1 6 8.5 2.5 2.5 0 1 1 6 3.5z',
  ask: 'M6 1L11 6 6 11 1 6z',
  hand: 'M2 2h8v8H2z',
};

/** Marks are this wide, in CSS pixels, so that a finger finds them: two that are nearer are one. */
const MARK_WIDTH = 24;

/** What happened when: faults, broken promises, narration. One tab stop; arrow keys go from mark to mark, Enter goes there in time. */
export function MarkRow({ durationUs }: { readonly durationUs: number }) {
  const lab = useLab();
  const marks = useSummary((summary) => summary.marks);
  const row = useRef<HTMLDivElement>(null);
  const width = useWidth(row);
  const clusters = useMemo(
    () => (width === 0 ? [] : clusterMarks(marks, (MARK_WIDTH / width) * durationUs)),
    [marks, durationUs, width],
  );
  return (
    <Toolbar ref={row} className="mark-row" aria-label="Marks on the time line" data-owns-arrows>
      {clusters.map((cluster) => {
        const lines = clusterText(cluster);
        const count = cluster.marks.length;
        return (
          <TooltipTrigger key={`${cluster.timeUs} ${cluster.kind}`} delay={150} closeDelay={80}>
            <Button
              className={`mark mark-${cluster.kind}`}
              style={{ left: `${(100 * cluster.timeUs) / durationUs}%` }}
              aria-label={`${WORDS[cluster.kind]} at ${momentWords(cluster.timeUs)}: ${lines.join('; ')}`}
              onPress={() => lab.goTo(cluster.timeUs)}
            >
              <svg viewBox="0 0 12 12" aria-hidden="true">
                <path d={SHAPES[cluster.kind]} fill="currentColor" />
              </svg>
              {count > 1 && <span className="mark-count">{count}</span>}
            </Button>
            <Tooltip className="tooltip" offset={4}>
              <span className="quiet">
                {momentWords(cluster.timeUs)}, {WORDS[cluster.kind]}
              </span>
              {lines.map((line, i) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a list that is drawn once
                <span className="tooltip-line" key={i}>
                  {line}
                </span>
              ))}
            </Tooltip>
          </TooltipTrigger>
        );
      })}
    </Toolbar>
  );
}
