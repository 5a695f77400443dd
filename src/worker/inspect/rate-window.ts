import type { Run } from '../../run/run.ts';
import { NO_SERVER, serverOf } from '../../system/state/user-word.ts';
import { OWN } from '../../system/state/users.ts';
import type { Structure } from '../protocol.ts';

/** Rows of the trace that are searched for refusals of the user, from the newest back. */
const ROWS_BACK = 20_000;

/** A user's budget at the rate limiter, and what would become of a request now; null where nothing limits. */
export function rateWindow(
  run: Run,
  user: number,
): { readonly structure: Structure; readonly words: string } | null {
  const { limits, users } = run.system.context;
  // Of several the one that counts the user alone.
  const ofUser = limits.all.find(({ limit }) => limit.by === 'user') ?? limits.all[0];
  if (ofUser === undefined || ofUser.limit.by === 'channel') return null;
  const { limit: rateLimit, limiter } = ofUser;
  const server = serverOf(users.pair[2 * user]!);
  const key = ofUser.key(user, 0, users.own[8 * user + OWN.GATEWAY]!, server === NO_SERVER ? 0 : server);
  const { state, words, counted, limit } = limiter.explain(key, run.nowUs);
  return {
    words,
    structure: {
      kind: 'window',
      name: rateLimit.algorithm,
      windowUs: rateLimit.windowUs,
      limit,
      count: counted,
      acceptedUs: state.kind === 'log' ? state.logUs : [],
      refusedUs: refusedUs(run, user, run.nowUs - rateLimit.windowUs),
      config: limiter.config,
      placement: rateLimit.placement,
    },
  };
}

/** When requests of this user were refused since then, as far as its messages are in the trace. */
function refusedUs(run: Run, user: number, sinceUs: number): readonly number[] {
  const { tracer } = run.system.context.watching;
  const times: number[] = [];
  for (let id = tracer.length - 1; id >= Math.max(0, tracer.length - ROWS_BACK); id--) {
    const row = tracer.row(id);
    if (row.timeUs < sinceUs) break;
    if (row.kind === 'refuse' && row.sender === user && row.reason === 'rate-limit') times.push(row.timeUs);
  }
  return times.reverse();
}
