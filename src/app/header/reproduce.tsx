import { useEffect, useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { formatDuration } from '../../base/units.ts';
import { useValue } from '../../views/store/value.ts';
import { CopyButton } from '../copy-button.tsx';
import type { Lab } from '../lab.ts';
import { useLab } from '../lab-context.ts';

/** How to run the same without a browser, and the hashes that show that it was the same. */
export function Reproduce() {
  const lab = useLab();
  const proof = useValue(lab.proof);
  const [isAsked, setAsked] = useState(false);
  // Hashes of an earlier moment say nothing about this one.
  useEffect(() => lab.proof.set(null), [lab]);
  const command = commandOf(lab);
  const atEnd = proof !== null && proof.timeUs === lab.store.info?.durationUs;
  return (
    <section className="reproduce" aria-label="Reproduce it">
      <h3>Reproduce it</h3>
      <p className="quiet">
        The same scenario and seed give the same bytes in every browser and on the command line:
      </p>
      <pre>
        <code>{command}</code>
      </pre>
      {lab.deeds.current.length > 0 && (
        <p className="quiet">What was done by hand is not in it: add its lines to the script first.</p>
      )}
      <CopyButton label="Copy the command" text={() => command} />{' '}
      <Button
        className="small-button"
        onPress={() => {
          setAsked(true);
          lab.prove();
        }}
      >
        Compute the hashes of this moment
      </Button>
      {proof !== null && (
        <dl className="facts">
          <div>
            <dt>moment</dt>
            <dd>{atEnd ? 'the end' : formatDuration(proof.timeUs)}</dd>
          </div>
          <div>
            <dt>world hash</dt>
            <dd>
              <code>{proof.worldHash}</code>
            </dd>
          </div>
          <div>
            <dt>trace hash</dt>
            <dd>
              <code>{proof.traceHash}</code>
            </dd>
          </div>
        </dl>
      )}
      <p className="quiet" role="status">
        {isAsked && proof === null && 'Reading the world…'}
        {proof !== null && !atEnd && 'The command line prints those of the end.'}
      </p>
    </section>
  );
}

function commandOf(lab: Lab): string {
  const { info } = lab.store;
  const opening = lab.opening.current;
  if (info === null || opening === null) return '';
  // A text that is not in the folder of scenarios travels in the command.
  if (opening.shared != null) return `npm run -s fanout -- replay ${opening.shared.token} --json`;
  const users = opening.users === null ? '' : ` --users ${opening.users}`;
  return `npm run -s fanout -- run scenarios/${opening.fileName} --seed ${info.seed}${users} --json`;
}
