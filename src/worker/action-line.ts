import { US_PER_HOUR, US_PER_MINUTE, US_PER_MS, US_PER_SECOND } from '../base/units.ts';
import type { Design, Workload } from '../system/design/design.ts';
import { channelName, userName } from '../system/design/names.ts';
import { stationList } from '../system/design/stations.ts';
import { type Action, ALL_USERS } from '../system/faults/actions.ts';
import { isUserNode, USER_NODE } from '../trace/trace.ts';

/** An action as the line of a script that does the same: `- { at: 12.3s, crash: ws-server-3, for: 5s }`. */
export function actionLine(atUs: number, action: Action, design: Design, workload: Workload): string {
  return `- { at: ${yamlDuration(atUs)}, ${whatItDoes(action, design, workload)} }`;
}

/** Every microsecond, in the largest unit that needs no more than six decimals: `12.345678s`, `250us`. */
export function yamlDuration(us: number): string {
  if (us === 0) return '0s';
  for (const [unit, size] of [
    ['h', US_PER_HOUR],
    ['m', US_PER_MINUTE],
  ] as const)
    if (us % size === 0) return `${us / size}${unit}`;
  if (us >= US_PER_SECOND) return `${withDecimals(us, US_PER_SECOND)}s`;
  if (us >= US_PER_MS) return `${withDecimals(us, US_PER_MS)}ms`;
  return `${us}us`;
}

function withDecimals(us: number, size: number): string {
  const whole = Math.floor(us / size);
  const rest = String(us % size)
    .padStart(String(size).length - 1, '0')
    .replace(/0+$/, '');
  return rest === '' ? String(whole) : `${whole}.${rest}`;
}

function whatItDoes(action: Action, design: Design, workload: Workload): string {
  const stations = stationList(design);
  const nameOf = (node: number): string => {
    if (node === ALL_USERS) return 'clients';
    return isUserNode(node) ? userName(workload, node - USER_NODE) : (stations[node]?.name ?? `node-${node}`);
  };
  const forTime = (us: number | null): string => (us === null ? '' : `, for: ${yamlDuration(us)}`);
  const side = (nodes: readonly number[]): string => {
    const all = wholeKind(nodes, stations);
    if (all !== null) return all;
    const names = nodes.map(nameOf);
    return names.length === 1 ? names[0]! : `[${names.join(', ')}]`;
  };
  const user = (u: number): string => userName(workload, u);
  const channel = (c: number): string => channelName(workload, c);
  switch (action.do) {
    case 'crash':
      return `crash: ${nameOf(action.node)}${forTime(action.forUs)}`;
    case 'failover':
      return `failover: ${nameOf(action.node)}${forTime(action.forUs)}`;
    case 'restart':
      return `restart: ${nameOf(action.node)}`;
    case 'slow':
      return `slow: ${nameOf(action.node)}, factor: ${action.factor}${forTime(action.forUs)}`;
    case 'block':
      return `block: ${nameOf(action.node)}${forTime(action.forUs)}`;
    case 'link': {
      const { cut, loss, duplicate, reorder, delayUs } = action.fault;
      const ends = `from: ${side(action.from)}, to: ${side(action.to)}`;
      const bad = [
        loss > 0 ? `loss: ${loss}` : '',
        duplicate > 0 ? `duplicate: ${duplicate}` : '',
        reorder > 0 ? `reorder: ${reorder}` : '',
        delayUs > 0 ? `delay: ${yamlDuration(delayUs)}` : '',
      ].filter((part) => part !== '');
      if (cut && bad.length === 0) return `cut: { ${ends} }${forTime(action.forUs)}`;
      if (!cut && bad.length === 0) return `heal: { ${ends} }`;
      return `link: { ${[ends, ...(cut ? ['cut: true'] : []), ...bad].join(', ')} }${forTime(action.forUs)}`;
    }
    case 'send':
      return `send: { from: ${user(action.user)}, to: ${channel(action.channel)}, bytes: ${action.bytes} }`;
    case 'disconnect':
      return `disconnect: ${user(action.user)}${forTime(action.forUs)}`;
    case 'connect':
      return `connect: ${user(action.user)}`;
    case 'join':
    case 'leave':
      return `${action.do}: { user: ${user(action.user)}, channel: ${channel(action.channel)} }`;
    case 'choose': {
      const { sender, nth, from, to, fate, takesUs } = action;
      const ends = `message: ${user(sender)}/${nth}, from: ${nameOf(from)}, to: ${nameOf(to)}`;
      return `choose: { ${ends}, ${fate === 'takes' ? `takes: ${yamlDuration(takesUs)}` : `arrives: ${fate === 'lost' ? 'never' : fate}`} }`;
    }
    case 'set':
      return `set: { design.${settingPath(action.path)}: ${settingValue(action.path, action.value)} }`;
  }
}

/** All stations of one kind go by one word, so that a cut from ninety-nine servers is a line and not a page. */
function wholeKind(nodes: readonly number[], stations: ReturnType<typeof stationList>): string | null {
  if (nodes.length < 2) return null;
  for (const [word, kind] of [
    ['gateway', 'gateway'],
    ['ws-servers', 'ws-server'],
    ['pubsub', 'pubsub'],
  ] as const) {
    const all = stations.filter((station) => station.kind === kind);
    if (all.length === nodes.length && all.every(({ node }, i) => nodes[i] === node)) return word;
  }
  return null;
}

/** A scenario writes durations without the unit in their name: `retry.timeout`. */
const settingPath = (path: string): string => path.replace(/Us$/, '');

function settingValue(path: string, value: unknown): string {
  if (typeof value === 'number') return path.endsWith('Us') ? yamlDuration(value) : String(value);
  if (Array.isArray(value)) return `[${value.map((one) => settingValue('', one)).join(', ')}]`;
  if (typeof value === 'object' && value !== null) return yamlMap(value as Readonly<Record<string, unknown>>);
  return String(value);
}

/** A duration's distribution, or a map of settings, as a scenario writes it. */
function yamlMap(of: Readonly<Record<string, unknown>>): string {
  if (of.kind === 'constant' && typeof of.us === 'number') return yamlDuration(of.us);
  const entries = Object.entries(of).filter(([key]) => key !== 'kind');
  return `{ ${entries.map(([key, value]) => `${settingPath(key)}: ${settingValue(key, value)}`).join(', ')} }`;
}
