import type { RateLimitAlgorithm } from '../algorithms/rate-limit/config.ts';
import { counted, groupDigits } from '../base/text.ts';
import { secondsText } from '../base/units.ts';
import { type FlowWriter, flowWriter } from './flowchart-text.ts';
import { escapeText, lines } from './mermaid-text.ts';

/** What the diagram says; a design's `rateLimit` fits. Numbers of stations where they are known. */
export interface PlacedRateLimit {
  readonly placement: 'gateway' | 'server' | 'service' | 'none';
  readonly algorithm?: RateLimitAlgorithm;
  readonly limit?: number;
  readonly windowUs?: number;
  readonly by?: 'user' | 'address' | 'channel';
  /** Of gateways. */
  readonly counters?: 'shared' | 'each';
  readonly whenDown?: 'open' | 'closed';
  /** Limits beside this one. */
  readonly more?: number;
  readonly gateways?: number;
  readonly servers?: number;
}

/** What the place costs and what it gives, in two lines. */
const TRADE: Readonly<Record<PlacedRateLimit['placement'], readonly [string, string]>> = {
  gateway: ['refused before any work is done', 'each gateway counts only what passes it'],
  server: ['local counters, no round trip', 'a user on two connections has two budgets'],
  service: ['one counter for all, exact', 'one round trip more for each message'],
  none: ['no limit', 'a flood reaches the database'],
};

/**
 * Where the rate limit is enforced, as a Mermaid flowchart: the way of a message up to the database, the station that decides, the refusal that
 * goes back from there, and around the stations behind it a frame: what the limit protects.
 */
export function rateLimitPlacement(placed: PlacedRateLimit): string {
  const { placement } = placed;
  const w = flowWriter('LR');
  const [gain, cost] = TRADE[placement];
  const isShared = placement === 'gateway' && placed.counters === 'shared';
  const sentence = lines(
    ...[
      gain,
      isShared ? (placed.gateways === 1 ? 'one counter' : 'all gateways share one counter') : cost,
    ].map(escapeText),
  );
  const decides = lines('decides here', ruleText(placed), sentence);
  const instances = (n: number | undefined, one: string): string => (n === undefined ? '' : counted(n, one));

  const clients = w.node('round', 'Clients');
  const stations: [name: string, text: string][] = [
    ['gateway', lines('API gateway / load balancer', instances(placed.gateways, 'instance'))],
    ['server', lines('WebSocket servers', instances(placed.servers, 'server'))],
    ['service', 'Chat service'],
    ['database', 'Database'],
  ];
  // The limiter of its own is asked by the server, so what lies behind the server is protected.
  const last = placement === 'none' ? -1 : placement === 'gateway' ? 0 : 1;
  const draw = ([name, text]: [string, string], index: number): string => {
    const isDatabase = name === 'database';
    const said = index === last && placement !== 'service' ? decides : isDatabase && last < 0 ? sentence : '';
    return w.node(isDatabase ? 'store' : 'box', lines(text, said));
  };
  const ids = stations.slice(0, last + 1).map(draw);
  const behind = (): void => {
    stations.slice(last + 1).forEach((station, i) => void ids.push(draw(station, last + 1 + i)));
  };
  if (placement === 'none') behind();
  else w.group('Protected by the limit', behind);

  [clients, ...ids].forEach((from, i) => {
    const to = ids[i];
    if (to !== undefined) w.edge(from, to, 'call', i === last + 1 && last >= 0 ? 'allowed' : 'message');
  });
  if (placement === 'service') drawLimiter(w, placed, ids[last]!, decides);
  if (last >= 0) w.edge(ids[last]!, clients, 'subscribe', 'refused, with the time to come back');
  return w.text();
}

function drawLimiter(w: FlowWriter, { whenDown }: PlacedRateLimit, server: string, decides: string): void {
  const down =
    whenDown === undefined
      ? ''
      : `when it is down, ${whenDown === 'open' ? 'all pass (fail open)' : 'none pass (fail closed)'}`;
  const limiter = w.node('store', lines('Rate limiter (Redis)', decides, down));
  w.edge(server, limiter, 'both', 'within the limit?');
}

function ruleText({ algorithm, limit, windowUs, by, more = 0 }: PlacedRateLimit): string {
  const rate =
    limit === undefined || windowUs === undefined
      ? ''
      : `${groupDigits(limit)} in ${secondsText(windowUs)} s${by === undefined ? '' : ` for each ${by}`}`;
  const further = more === 0 ? '' : `and ${counted(more, 'more limit')}`;
  return [algorithm ?? '', rate, further].filter((part) => part !== '').join(', ');
}
