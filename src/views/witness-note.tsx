import { Button } from 'react-aria-components/Button';
import { formatDuration } from '../base/units.ts';
import type { Stage } from './stage.ts';
import { useValue } from './store/value.ts';
import './witness-note.css';

/** Why a promise is broken, in the witness's two sentences, with the ways to the moment and to just before it. */
export function WitnessNote({ stage }: { readonly stage: Stage }) {
  const shown = useValue(stage.witness);
  if (shown === null) return null;
  const { promise, sinceUs, witness } = shown;
  return (
    <section className="witness-note" aria-label={`Why ${promise.replaceAll('-', ' ')} is broken`}>
      <p>
        <strong>{promise.replaceAll('-', ' ')} is broken.</strong> {witness.text}
      </p>
      <div className="witness-ways">
        <Button className="small-button" onPress={() => stage.goTo(witness.beforeUs)}>
          before the fatal choice
        </Button>
        <Button className="small-button" onPress={() => stage.goTo(sinceUs)}>
          first violation, {formatDuration(sinceUs)}
        </Button>
        <Button className="small-button" onPress={() => stage.askFutures(promise)}>
          when did it become inevitable?
        </Button>
        <Button className="small-button" onPress={() => stage.showWitness(null)}>
          mark nothing
        </Button>
      </div>
    </section>
  );
}
