import { Button } from 'react-aria-components/Button';
import { formatDuration } from '../base/units.ts';
import type { PromiseFrame } from '../worker/protocol.ts';
import type { ShownWitness, Stage } from './stage.ts';
import { usePicked, useValue } from './store/value.ts';
import './witness-note.css';

interface Props {
  readonly stage: Stage;
  /** What else can be done in this picture. */
  readonly hint?: string;
}

/** Why a promise is broken, in the witness's two sentences, with the ways to the moment and to just before it. */
export function WitnessNote({ stage, hint }: Props) {
  const shown = useValue(stage.witness);
  const other = usePicked(stage.store.summary, ({ promises, timeUs, marks }) =>
    shown !== null &&
    timeUs >= shown.sinceUs &&
    // Only a hand makes it another future; and while the clock runs the verdicts are a little late.
    marks.some(({ kind, timeUs: atUs }) => kind === 'hand' && atUs <= shown.sinceUs)
      ? otherwise(shown, promises)
      : null,
  );
  if (shown === null) return null;
  const { promise, sinceUs, witness } = shown;
  const name = promise.replaceAll('-', ' ');
  return (
    <section className="witness-note" aria-label={`Why ${name} is broken`}>
      {other === null ? (
        <p>
          <strong>{name} is broken.</strong> {witness.text}
        </p>
      ) : other.verdict === 'violated' ? (
        <p>
          <strong>{name} is broken in another way now.</strong> {other.witness?.text ?? ''}
        </p>
      ) : (
        <p>
          {name} is not broken in this future, up to now. Before: {witness.text}
        </p>
      )}
      <div className="witness-ways">
        <Button className="small-button" onPress={() => stage.goTo(witness.beforeUs)}>
          before its last hop
        </Button>
        {other?.verdict === 'violated' ? (
          <Button className="small-button" onPress={() => stage.showWitness(other)}>
            first violation now, {formatDuration(other.sinceUs ?? sinceUs)}
          </Button>
        ) : (
          <Button className="small-button" onPress={() => stage.goTo(sinceUs)}>
            first violation, {formatDuration(sinceUs)}
          </Button>
        )}
        <Button className="small-button" onPress={() => stage.askFutures(promise)}>
          when did it become inevitable?
        </Button>
        <Button className="small-button" onPress={() => stage.showWitness(null)}>
          mark nothing
        </Button>
        {hint !== undefined && <span className="quiet">{hint}</span>}
      </div>
    </section>
  );
}

/** What has become of the promise where something else was chosen since it was shown; null when it is as it was. */
function otherwise(shown: ShownWitness, promises: readonly PromiseFrame[]): PromiseFrame | null {
  const now = promises.find(({ name }) => name === shown.promise);
  const isSame = now?.verdict === 'violated' && now.sinceUs === shown.sinceUs;
  return now === undefined || (isSame && now.witness?.text === shown.witness.text) ? null : now;
}
