import type { Problem } from '../../base/errors.ts';
import { DEFAULT_RATE_LIMIT, DEFAULTS } from '../../system/design/defaults.ts';
import { isPrefix, type Locate, type Path, ProblemList } from '../text/problems.ts';
import { pathOfSetting, valueAt, withValueAt } from './settings.ts';

/**
 * Settings that do something in a mode only: numbers for a sequencer where nothing is numbered by one. Given without their mode they would be
 * dropped in silence, so they are refused.
 */

/** What a setting needs: another one to be so. A path that begins with a point lies in the same rate limit. */
interface Need {
  readonly path: string;
  isMet(value: unknown): boolean;
  /** What would be right, as in `ordering: global`. */
  readonly words: string;
}

export interface ModeSetting {
  /** A setting, or a map of them; `design.rateLimit.*` is each of the rate limits. */
  readonly setting: string;
  readonly needs: readonly Need[];
}

const short = (path: string): string => path.replace(/^design\./, '').replace(/^\./, 'rateLimit.');

const oneOf = (path: string, ...values: readonly (string | boolean)[]): Need => ({
  path,
  isMet: (value) => values.includes(value as string | boolean),
  words: `${short(path)}: ${values.join(' or ')}`,
});
const notOneOf = (path: string, words: string, ...values: readonly (string | number)[]): Need => ({
  path,
  isMet: (value) => value !== undefined && !values.includes(value as string | number),
  words,
});

const ORDERED = notOneOf('design.ordering', 'an ordering other than best-effort', 'best-effort');
const RETRIES = notOneOf('design.delivery', 'a delivery other than at-most-once', 'at-most-once');
const KAFKA = oneOf('design.pubsub.kind', 'kafka');
const REDIS = oneOf('design.pubsub.kind', 'redis', 'redis-cluster');
const BROKER = notOneOf('design.pubsub.kind', 'a broker: a pubsub.kind other than none', 'none');
const SERVICE = oneOf('.placement', 'service');
const ONCE = oneOf('design.delivery', 'effectively-once');
const BY_ID = [ONCE, oneOf('design.dedup.by', 'message-id')];
const GLOBAL = oneOf('design.ordering', 'global');
const RESUMES = oneOf('design.reconnect.resume', true);
const BUCKETS = ['token-bucket', 'leaky-bucket', 'gcra'] as const;
const COUNTED = ['fixed-window', 'sliding-window-log', 'sliding-window-counter'] as const;

const waits = (of: 'design.retry' | 'design.reconnect', more: readonly Need[]): ModeSetting[] => [
  {
    setting: `${of}.base`,
    needs: [...more, notOneOf(`${of}.backoff`, `a ${short(of)}.backoff other than none`, 'none')],
  },
  {
    setting: `${of}.cap`,
    needs: [
      ...more,
      notOneOf(
        `${of}.backoff`,
        `a ${short(of)}.backoff that grows: not none, not constant`,
        'none',
        'constant',
      ),
    ],
  },
];

/** Every setting that works in a mode only. */
export const MODE_SETTINGS: readonly ModeSetting[] = [
  { setting: 'design.sequencer', needs: [GLOBAL] },
  {
    setting: 'design.sequencer.election',
    needs: [
      GLOBAL,
      {
        path: 'design.sequencer.replicas',
        isMet: (n) => n === 3 || n === '3',
        words: 'sequencer.replicas: 3',
      },
    ],
  },
  { setting: 'design.causal', needs: [oneOf('design.ordering', 'causal')] },
  { setting: 'design.clocks.stamp', needs: [oneOf('design.ordering', 'timestamp')] },
  { setting: 'design.clocks.skew', needs: [oneOf('design.ordering', 'timestamp', 'hybrid-logical')] },
  {
    setting: 'design.clocks.holdBack',
    needs: [oneOf('design.ordering', 'timestamp', 'lamport', 'hybrid-logical')],
  },
  { setting: 'design.reorder', needs: [ORDERED] },
  { setting: 'design.dedup.by', needs: [ONCE] },
  { setting: 'design.dedup.memory', needs: BY_ID },
  { setting: 'design.dedup.window', needs: [...BY_ID, oneOf('design.dedup.memory', 'window')] },
  { setting: 'design.dedup.bits', needs: [...BY_ID, oneOf('design.dedup.memory', 'bloom-filter')] },
  { setting: 'design.dedup.hashes', needs: [...BY_ID, oneOf('design.dedup.memory', 'bloom-filter')] },
  {
    setting: 'design.redelivery.maxAttempts',
    needs: [notOneOf('design.redelivery.timeout', 'a redelivery.timeout', '0s', '0ms', '0us', 0)],
  },
  { setting: 'design.outbox.poll', needs: [oneOf('design.outbox.enabled', true)] },
  { setting: 'design.retry.timeout', needs: [RETRIES] },
  { setting: 'design.retry.maxAttempts', needs: [RETRIES] },
  { setting: 'design.retry.backoff', needs: [RETRIES] },
  ...waits('design.retry', [RETRIES]),
  ...waits('design.reconnect', []),
  { setting: 'design.reconnect.catchUp', needs: [RESUMES] },
  { setting: 'design.reconnect.offset', needs: [RESUMES] },
  { setting: 'design.longPolling', needs: [oneOf('design.protocol', 'long-polling')] },
  { setting: 'design.heartbeat.interval', needs: [oneOf('design.protocol', 'websocket', 'sse')] },
  { setting: 'design.servers.heartbeat', needs: [oneOf('design.protocol', 'websocket', 'sse')] },
  { setting: 'design.pubsub.shards', needs: [BROKER] },
  { setting: 'design.pubsub.queue', needs: [BROKER] },
  { setting: 'design.pubsub.publish', needs: [BROKER] },
  { setting: 'design.pubsub.perSubscriber', needs: [REDIS] },
  { setting: 'design.pubsub.socketBufferBytes', needs: [REDIS] },
  { setting: 'design.pubsub.outputBuffer', needs: [REDIS] },
  { setting: 'design.pubsub.fetch', needs: [KAFKA] },
  { setting: 'design.pubsub.fetchMaxRecords', needs: [KAFKA] },
  { setting: 'design.pubsub.sessionTimeout', needs: [KAFKA] },
  { setting: 'design.pubsub.autoCommit', needs: [KAFKA] },
  { setting: 'design.pubsub.maxPollInterval', needs: [KAFKA] },
  { setting: 'design.rateLimit.*.burst', needs: [oneOf('.algorithm', ...BUCKETS)] },
  { setting: 'design.rateLimit.*.leak', needs: [oneOf('.algorithm', 'leaky-bucket')] },
  { setting: 'design.rateLimit.*.boundary', needs: [oneOf('.algorithm', 'sliding-window-log')] },
  { setting: 'design.rateLimit.*.align', needs: [oneOf('.algorithm', 'fixed-window')] },
  { setting: 'design.rateLimit.*.rounding', needs: [oneOf('.algorithm', 'sliding-window-counter')] },
  { setting: 'design.rateLimit.*.refusedCount', needs: [oneOf('.algorithm', ...COUNTED)] },
  { setting: 'design.rateLimit.*.counters', needs: [oneOf('.placement', 'gateway')] },
  { setting: 'design.rateLimit.*.timeout', needs: [SERVICE] },
  { setting: 'design.rateLimit.*.whenDown', needs: [SERVICE] },
  { setting: 'design.rateLimit.*.workers', needs: [SERVICE] },
  { setting: 'design.rateLimit.*.queue', needs: [SERVICE] },
  { setting: 'design.rateLimit.*.service', needs: [SERVICE] },
  {
    setting: 'workload.usersPerAddress',
    needs: [
      {
        path: 'design.rateLimit',
        isMet: (limits) => [limits].flat().some((limit) => valueAt(limit, ['by']) === 'address'),
        words: 'a limit by address: rateLimit.by: address',
      },
    ],
  },
  { setting: 'workload.bots.resend', needs: [oneOf('workload.bots.waits', false)] },
  {
    setting: 'workload.messages.quietEveryone',
    needs: [
      {
        path: 'workload.channels.everyone',
        isMet: (name) => typeof name === 'string',
        words: 'a channel for everyone: workload.channels.everyone',
      },
    ],
  },
];

/** A setting with its place in the data of a scenario, and whether the mode that it needs is there. */
interface PlacedSetting {
  readonly path: Path;
  /** What is missing; empty where the setting is of use. */
  readonly missing: readonly string[];
}

/** Every written setting that needs a mode, in the plain data of a scenario (which must be right in itself). */
function modeSettingsIn(value: unknown): PlacedSetting[] {
  const found: PlacedSetting[] = [];
  for (const { setting, needs } of MODE_SETTINGS) {
    for (const at of placesOf(value, setting)) {
      if (valueAt(value, at) === undefined) continue;
      const limit = at.slice(0, -1);
      const isThere = ({ path, isMet }: Need): boolean =>
        isMet(path.startsWith('.') ? inLimit(value, limit, path.slice(1)) : settingIn(value, path));
      found.push({ path: at, missing: needs.filter((need) => !isThere(need)).map(({ words }) => words) });
    }
  }
  return found;
}

/** One path, or one for each rate limit that is switched on. */
function placesOf(value: unknown, setting: string): Path[] {
  const [before = '', after] = setting.split('*.');
  if (after === undefined) return [pathOfSetting(setting)];
  const list = valueAt(value, ['design', 'rateLimit']);
  const limits = Array.isArray(list) ? list.map((_, i) => [i]) : [[]];
  return limits
    .map((place): Path => [...pathOfSetting(before.slice(0, -1)), ...place])
    .filter((limit) => valueAt(value, [...limit, 'placement']) !== 'none')
    .map((limit) => [...limit, after]);
}

const settingIn = (value: unknown, path: string): unknown =>
  valueAt(value, pathOfSetting(path)) ?? valueAt(WRITTEN_DEFAULTS, pathOfSetting(path));

const inLimit = (value: unknown, limit: Path, key: string): unknown =>
  valueAt(value, [...limit, key]) ?? valueAt(DEFAULT_RATE_LIMIT, [key]);

/** The defaults under the names that a scenario writes, where these differ and a mode hangs on them. */
const WRITTEN_DEFAULTS = {
  design: { ...DEFAULTS.design, redelivery: { timeout: DEFAULTS.design.redelivery.timeoutUs } },
  workload: { ...DEFAULTS.workload, bots: { waits: false } },
};

/** One reading of a scenario's text: as written with what is laid over it, or as one of the worlds that it compares. */
export interface Reading {
  readonly value: unknown;
  readonly locate: Locate;
  /** What this reading itself has set. */
  readonly own: readonly Path[];
}

/**
 * A line for each setting that does nothing: in the text, when it does nothing in any of the worlds nor in the text without what is laid over
 * it; in what one reading has set, when it does nothing there.
 */
export function idleSettings(text: unknown, base: Reading, worlds: readonly Reading[]): readonly Problem[] {
  const problems: Problem[] = [];
  const said: Path[] = [];
  const refuse = ({ locate }: Reading, at: Path, { path, missing }: PlacedSetting): void => {
    if (said.some((other) => isPrefix(other, path))) return;
    said.push(path);
    const list = new ProblemList(locate);
    const [, ...below] = path;
    list.add(
      at,
      `${below.join('.')} works only with ${missing.join(' and ')}; set that, or leave it out`,
      'key',
    );
    problems.push(...list.problems);
  };
  const readings = [base, ...worlds].map(({ value }) => value);
  for (const idle of modeSettingsIn(base.value)) {
    const isOwn = base.own.some((own) => isPrefix(own, idle.path));
    if (!isUsedIn(isOwn ? readings : [text, ...readings], idle.path)) refuse(base, idle.path, idle);
  }
  for (const world of worlds)
    for (const idle of modeSettingsIn(world.value))
      if (idle.missing.length > 0 && world.own.some((own) => isPrefix(own, idle.path)))
        refuse(world, idle.path, idle);
  for (const { at, path, set } of setSteps(base.value))
    for (const idle of modeSettingsIn(set(base.value)))
      if (isPrefix(path, idle.path) && !isUsedIn([text, ...readings].map(set), idle.path))
        refuse(base, at, idle);
  return problems;
}

/** Whether the setting is of use in one of these, from the beginning or once a step of the script has set what it needs. */
function isUsedIn(values: readonly unknown[], path: Path): boolean {
  return values.some((value) => {
    const later = setSteps(value).map(({ set }) => set(value));
    return [value, ...later].some((one) =>
      modeSettingsIn(one).some((found) => found.missing.length === 0 && samePath(found.path, path)),
    );
  });
}

/** The settings that steps of the script change, each with its place and how to make the change. */
function setSteps(value: unknown): { at: Path; path: Path; set: (value: unknown) => unknown }[] {
  const script = valueAt(value, ['script']);
  if (!Array.isArray(script)) return [];
  return script.flatMap((step: unknown, i) =>
    Object.entries(valueAt(step, ['set']) ?? {}).map(([setting, to]) => ({
      at: ['script', i, 'set', setting],
      path: pathOfSetting(setting),
      set: (of: unknown) => {
        const changed = withValueAt(of, pathOfSetting(setting), to);
        return typeof changed === 'string' ? of : changed.ok;
      },
    })),
  );
}

const samePath = (a: Path, b: Path): boolean => a.length === b.length && isPrefix(a, b);

/** Plain data of a scenario without the settings that do nothing in it: for designs that are put together from parts. */
export function withoutIdleSettings(value: unknown): unknown {
  let left = value;
  for (const { path, missing } of modeSettingsIn(value))
    if (missing.length > 0) left = withoutPath(left, path);
  return left;
}

function withoutPath(value: unknown, [step, ...rest]: Path): unknown {
  if (step === undefined || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item, i) => (i === step ? withoutPath(item, rest) : item));
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => {
      if (key !== step) return [[key, inner]];
      return rest.length === 0 ? [] : [[key, withoutPath(inner, rest)]];
    }),
  );
}
