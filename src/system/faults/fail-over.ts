import { NO_NODE } from '../../trace/trace.ts';
import { KIND } from '../../trace/tracer.ts';
import type { Context } from '../context.ts';

/**
 * The standby of the database takes over: what was written so shortly before that it has not been replicated is lost. Numbers are not given
 * again, because a sequence runs ahead of what is replicated (PostgreSQL logs 32 numbers ahead, sequence.c, SEQ_LOG_VALS).
 */
export function loseUnreplicated(ctx: Context): void {
  const { design, events, history, watching, nodes, mechanisms } = ctx;
  const { writtenUs } = mechanisms;
  if (writtenUs === null) return;
  const nowUs = events.nowUs();
  const { columns } = history;
  // Rows are in the order of writing, so the lost ones are the last.
  for (let row = history.rows() - 1; row >= 0; row--) {
    if (writtenUs[row] <= nowUs - design.database.replicationLagUs) return;
    const [sender, nth] = [columns.sender[row], columns.nth[row]];
    const [channel, seq] = [columns.channel[row], columns.seq[row]];
    if (history.find(channel, seq) !== row) continue;
    history.lose(row);
    watching.messageRow(nowUs, KIND.lost, nodes.database, NO_NODE, sender, nth, channel, seq);
  }
}
