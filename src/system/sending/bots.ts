import { columns, f64, u8 } from '../../base/columns.ts';
import type { Choices } from '../../kernel/choices.ts';
import { openColumns, type World } from '../../kernel/world.ts';
import type { Workload } from '../design/design.ts';
import { PURPOSE } from '../purposes.ts';
import { type HistogramColumns, histogramColumns } from '../state/histogram.ts';

/** Users who are bots, and what is counted of them apart, so that what the others have is known too. */
export interface OpenBots {
  /** [user] 1: a bot. */
  readonly is: Uint8Array;
  /** By BOT. */
  readonly counts: Float64Array;
  /** Of messages whose sender is no bot: as `latency` and `ackLatency` of all. */
  readonly honestLatency: HistogramColumns;
  readonly honestAckLatency: HistogramColumns;
}

/** Places of `counts`. */
export const BOT = { SENT: 0, REFUSED: 1, FAILED: 2, PERSISTED: 3, BOTS: 4 } as const;

export const botGroups = (users: number) =>
  [
    columns('bots', { is: u8(users), counts: f64(5) }),
    histogramColumns('honestLatency'),
    histogramColumns('honestAckLatency'),
  ] as const;

/** Null where the workload has no bots: then nobody is asked whether he is one. */
export function openBots(world: World, groups: ReturnType<typeof botGroups> | null): OpenBots | null {
  if (groups === null) return null;
  const [bots, latency, ackLatency] = groups;
  return {
    ...openColumns(world, bots),
    honestLatency: openColumns(world, latency),
    honestAckLatency: openColumns(world, ackLatency),
  };
}

/** Draws who is a bot: at set-up. */
export function drawBots(bots: OpenBots, workload: Workload, choices: Choices): void {
  const { share, users } = workload.bots!;
  const below = Math.floor(share * 0x1_0000_0000);
  for (let user = 0; user < workload.users; user++) {
    if (share > 0 && choices.u32(PURPOSE.BOT, user, 0) < below) bots.is[user] = 1;
  }
  for (const user of users) bots.is[user] = 1;
  bots.counts[BOT.BOTS] = bots.is.reduce((sum, is) => sum + is, 0);
}
