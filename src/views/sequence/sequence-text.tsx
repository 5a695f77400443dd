import { useMemo } from 'react';
import { groupDigits } from '../../base/text.ts';
import { plainLines } from '../../diagrams/mermaid-text.ts';
import type { Stage } from '../stage.ts';
import { useValue } from '../store/value.ts';
import { messagesOf } from '../witness-rows.ts';
import { chooseMessages } from './choose-messages.ts';
import { describeWay } from './describe.ts';
import { MOST_STEPS } from './layout.ts';
import { FEW_CLIENTS, readWay } from './read-way.ts';

/** The steps of the watched message with their times. */
export function SequenceText({ stage }: { readonly stage: Stage }) {
  const { info, rows: count, timeUs } = useValue(stage.store.summary);
  const selection = useValue(stage.selection);
  const witness = useValue(stage.witness);
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows are appended in place; their number says so
  const read = useMemo(() => {
    if (info === null) return null;
    const { rows } = stage.store;
    const chosen = chooseMessages(rows, selection, witness === null ? null : messagesOf(witness), null);
    return chosen === null ? null : readWay(info, rows, chosen.messages, FEW_CLIENTS);
  }, [info, count, selection, witness, stage, timeUs < (stage.store.rows.at(-1)?.timeUs ?? 0)]);
  if (info === null) return <p>There is no message: no scenario is open.</p>;
  if (read === null)
    return <p>No message is watched yet. Let the clock run, or select a user, a channel or a message.</p>;
  const words = describeWay(read);
  const shown = words.slice(0, MOST_STEPS);
  const name = plainLines(read.heading)
    .filter((line) => line !== '')
    .join(', ');
  return (
    <div className="text-twin">
      {witness !== null && (
        <p>
          {witness.promise.replaceAll('-', ' ')} is broken. {witness.witness.text}
        </p>
      )}
      <p>{name}.</p>
      <table>
        <thead>
          <tr>
            <th scope="col">since the sending</th>
            <th scope="col">where</th>
            <th scope="col">what</th>
            <th scope="col">how long</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((step, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: steps are in order and have no other name
            <tr key={i}>
              <td className="number">{step.time}</td>
              <td>{step.where}</td>
              <td>{step.what}</td>
              <td>{step.took}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {words.length > shown.length && (
        <p className="quiet">{groupDigits(words.length - shown.length)} more steps are left out.</p>
      )}
    </div>
  );
}
