import { groupDigits } from '../../base/text.ts';
import { useValue, type Value } from '../store/value.ts';
import { stepLine } from './describe.ts';
import type { SequenceModel } from './sequence-source.ts';

interface Props {
  readonly model: SequenceModel | null;
  readonly selected: number | null;
  readonly hovered: Value<number | null>;
}

/** The step that is pointed at or selected, in words; else what the signs mean. */
export function SequenceFoot({ model, selected, hovered }: Props) {
  const pointed = useValue(hovered);
  const wordsOf = (rowId: number | null): string =>
    model === null || rowId === null
      ? ''
      : model.words
          .filter((step) => step.rowId === rowId)
          .map(stepLine)
          .join('; ');
  const now = wordsOf(pointed) || wordsOf(selected);
  const out = model?.layout.stepsLeftOut ?? 0;
  return (
    <div className="sequence-foot" data-saved>
      <span className="unseen" aria-live="polite">
        {wordsOf(selected)}
      </span>
      {now !== '' ? (
        <p className="sequence-now-words" aria-hidden="true">
          {now}
        </p>
      ) : (
        <ul className="sequence-legend quiet" aria-label="What the signs mean">
          <li>
            <LegendSign kind="queue" /> waits in a queue
          </li>
          <li>
            <LegendSign kind="work" /> is worked on
          </li>
          <li>
            <LegendSign kind="held" /> held back
          </li>
          <li>
            <LegendSign kind="good" /> stored, shown
          </li>
          <li>
            <LegendSign kind="bad" /> lost
          </li>
          <li>
            <LegendSign kind="answer" /> answer
          </li>
        </ul>
      )}
      {out > 0 && (
        <p className="quiet">
          The first {groupDigits((model?.way.steps.length ?? 0) - out)} steps; {groupDigits(out)} more are
          left out.
        </p>
      )}
    </div>
  );
}

function LegendSign({ kind }: { readonly kind: 'queue' | 'work' | 'held' | 'good' | 'bad' | 'answer' }) {
  return (
    <svg className="sequence-svg legend-sign" viewBox="0 0 18 12" width="18" height="12" aria-hidden="true">
      {kind === 'queue' && (
        <>
          <rect x="6" y="0.5" width="7" height="11" className="sequence-bar bar-queue" />
          <path d="M6 5l5-4.5M6 11l7-7M10 11.5l3-3" stroke="var(--text)" />
        </>
      )}
      {kind === 'work' && <rect x="6" y="0.5" width="7" height="11" className="sequence-bar bar-work" />}
      {kind === 'held' && (
        <>
          <rect x="6" y="0.5" width="7" height="11" className="sequence-bar bar-queue" />
          <path d="M9.5 2v8" stroke="var(--text)" strokeWidth="2" strokeDasharray="2 2" />
        </>
      )}
      {kind === 'good' && (
        <g className="sequence-mark mark-good">
          <circle cx="9" cy="6" r="4.5" />
        </g>
      )}
      {kind === 'bad' && (
        <g className="sequence-mark mark-bad">
          <path className="sequence-cross" d="M4 1l10 10M14 1L4 11" />
        </g>
      )}
      {kind === 'answer' && (
        <g className="sequence-arrow is-answer">
          <path className="sequence-line" d="M0 6h16" />
          <path className="sequence-head" d="M11 3l5 3-5 3" />
        </g>
      )}
    </svg>
  );
}
