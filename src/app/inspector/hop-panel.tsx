import { Button } from 'react-aria-components/Button';
import { formatDuration } from '../../base/units.ts';
import { messageName, nodeName } from '../../views/names.ts';
import { useValue } from '../../views/store/value.ts';
import { NO_NODE, type OpenedInfo, type TraceRow } from '../../worker/protocol.ts';
import { useLab, useSummary } from '../lab-context.ts';

/** The row of the trace that is looked at, and the ways to its cause and its consequence. */
export function HopPanel({ info }: { readonly info: OpenedInfo }) {
  const lab = useLab();
  const hop = useValue(lab.hop);
  // Another way of the run has other rows of the same number.
  const row = useSummary(() => (hop === null ? undefined : lab.store.rows.find((one) => one.id === hop)));
  if (row === undefined) return null;
  return (
    <section className="hop" aria-label="Step of a message">
      <h3>Step of a message</h3>
      <p>{hopWords(info, row)}</p>
      <div className="break-buttons">
        <Button className="small-button" onPress={() => lab.followHop('cause')}>
          cause <kbd>c</kbd>
        </Button>
        <Button className="small-button" onPress={() => lab.followHop('consequence')}>
          consequence <kbd>v</kbd>
        </Button>
        <Button className="small-button" onPress={() => lab.goTo(row.timeUs)}>
          go there
        </Button>
      </div>
    </section>
  );
}

/** A row of the trace in one line: when, where, what, which message. */
const hopWords = (info: OpenedInfo, row: TraceRow): string =>
  `${formatDuration(row.timeUs)}, ${happeningWords(info, row)}`;

/** The same without the time. */
export function happeningWords(info: OpenedInfo, row: TraceRow): string {
  if (row.kind === 'forward')
    return `${messageName(info, row.sender, row.nth)} from ${nodeName(info, row.node)} to ${nodeName(info, row.peer)}: ${formatDuration(row.dueUs - row.departUs)} on its way`;
  const message = row.nth > 0 ? ` ${messageName(info, row.sender, row.nth)}` : '';
  const peer = row.peer === NO_NODE ? '' : ` (${nodeName(info, row.peer)})`;
  const why = row.reason === 'none' ? '' : `, ${row.reason.replaceAll('-', ' ')}`;
  return `${nodeName(info, row.node)}: ${row.kind}${message}${peer}${why}`;
}
