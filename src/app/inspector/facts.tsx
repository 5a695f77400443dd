import type { Inspection } from '../../worker/protocol.ts';
import { StructurePicture } from './structure.tsx';

/** What the worker says of the selected thing: facts, and the data structures that hold it. */
export function Facts({ inspection }: { readonly inspection: Inspection }) {
  return (
    <>
      {inspection.facts.length > 0 && (
        <dl className="facts">
          {inspection.facts.map((fact) => (
            <div key={fact.name}>
              <dt>{fact.name}</dt>
              <dd>{fact.value}</dd>
            </div>
          ))}
        </dl>
      )}
      {inspection.structures.map((structure) => (
        <StructurePicture key={`${structure.kind} ${structure.name}`} of={structure} />
      ))}
    </>
  );
}
