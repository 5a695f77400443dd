import { UserError } from '../../base/errors.ts';
import type { Design } from '../../system/design/design.ts';
import type { Action } from '../../system/faults/actions.ts';
import type { Path } from '../text/problems.ts';
import { show } from '../text/show.ts';
import type { Setting } from '../types.ts';

/** Settings by their path: in the text of a scenario, and in a Design while it runs. */

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `design.network.clients.0.share` as a path; words that are whole numbers are places in a list, from 0. */
export function pathOfSetting(path: string): Path {
  return path.split('.').map((word) => (/^(0|[1-9]\d{0,5})$/.test(word) ? Number(word) : word));
}

/** What is at a path of plain data; undefined when there is nothing. A place in what is no list is the thing itself. */
export function valueAt(of: unknown, path: Path): unknown {
  let value = of;
  for (const step of path) {
    if (Array.isArray(value)) value = typeof step === 'number' ? value[step] : undefined;
    else if (isMap(value)) value = Object.hasOwn(value, String(step)) ? value[String(step)] : undefined;
    else if (typeof step !== 'number') return undefined;
  }
  return value;
}

/** Plain data with another value at a path; maps on the way are made when they are not there. A string says why it cannot be. */
export function withValueAt(
  of: unknown,
  path: Path,
  value: unknown,
  done: Path = [],
): { readonly ok: unknown } | string {
  const [step, ...rest] = path;
  if (step === undefined) return { ok: value };
  if (done.length === 0 && rest.length === 0 && (step === 'design' || step === 'workload')) {
    const inside = isMap(value) ? Object.entries(value)[0] : undefined;
    const example = inside === undefined ? `${step}.KEY` : `${step}.${inside[0]}`;
    return `${step} as a whole would set back all that it does not name; write a path for each setting: ${example}`;
  }
  const here = done.join('.');
  if (Array.isArray(of)) {
    if (typeof step !== 'number' || step >= of.length) {
      return `${here} is a list of ${of.length}, so there is no ${step} in it; set ${here} as a whole`;
    }
    const inner = withValueAt(of[step], rest, value, [...done, step]);
    return typeof inner === 'string'
      ? inner
      : { ok: of.map((item: unknown, i) => (i === step ? inner.ok : item)) };
  }
  if (of !== undefined && of !== null && !isMap(of)) {
    return `${here} is ${show(of)}, so ${step} cannot be set inside it; set ${here} as a whole`;
  }
  const inner = withValueAt(of?.[String(step)], rest, value, [...done, step]);
  return typeof inner === 'string' ? inner : { ok: { ...of, [String(step)]: inner.ok } };
}

/**
 * Settings that a run cannot change: the memory of its world is laid out by them. A variant under `compare:` can.
 */
export const FIXED_SETTINGS: readonly string[] = [
  'workload',
  'duration',
  'seed',
  'design.protocol',
  'design.gateway.count',
  'design.gateway.balancing',
  'design.gateway.workers',
  'design.gateway.queue',
  'design.servers.count',
  'design.servers.maxConnections',
  'design.servers.queue',
  'design.pubsub.kind',
  'design.pubsub.shards',
  'design.pubsub.queue',
  'design.service.workers',
  'design.service.queue',
  'design.database.workers',
  'design.database.queue',
  'design.rateLimit.algorithm',
  'design.rateLimit.limit',
  'design.rateLimit.window',
  'design.rateLimit.by',
  'design.rateLimit.placement',
  'design.rateLimit.counters',
  'design.rateLimit.align',
  'design.rateLimit.refusedCount',
  'design.rateLimit.compareWithLog',
  'design.rateLimit.workers',
  'design.rateLimit.queue',
  'design.database.replicationLag',
  'design.outbox.enabled',
  'design.ordering',
  'design.sequence',
  'design.causal',
  'design.sequencer.replicas',
  'design.sequencer.queue',
  'design.clocks.stamp',
  'design.clocks.skew',
  'design.delivery',
  'design.retry.maxInFlight',
  'design.dedup',
  'design.redelivery.timeout',
  'design.reconnect.catchUp',
  'design.reorder.maxEntries',
  'design.presence',
  'design.network.clients',
];

/** The fixed setting that a change of this path would touch, or null. */
export function fixedSettingIn(path: string): string | null {
  // One of several limits is part of a list that is laid out as a whole.
  const inList = /^design\.rateLimit\.\d+/.exec(path);
  if (inList !== null) return inList[0];
  return (
    FIXED_SETTINGS.find(
      (fixed) => path === fixed || path.startsWith(`${fixed}.`) || fixed.startsWith(`${path}.`),
    ) ?? null
  );
}

/** Values of a Design that are replaced whole: durations, lists, and what is no map. */
const isWhole = (value: unknown): boolean => !isMap(value) || ('kind' in value && !('shards' in value));

/** The `set` actions that turn one design into another: paths and values as the type Design has them (`retry.timeoutUs`). */
export function designChanges(from: Design, to: Design): readonly Action[] {
  const actions: Action[] = [];
  const compare = (before: unknown, after: unknown, path: string): void => {
    if (JSON.stringify(before) === JSON.stringify(after)) return;
    if (isWhole(before) || isWhole(after) || !isMap(before) || !isMap(after)) {
      actions.push({ do: 'set', path, value: after });
      return;
    }
    for (const key of Object.keys(after))
      compare(before[key], after[key], path === '' ? key : `${path}.${key}`);
  };
  compare(from, to, '');
  return actions;
}

/** The design with one value of a `set` action in its place. Throws UserError when the design has no such path. */
export function setInDesign(design: Design, path: string, value: unknown): Design {
  const steps = path.split('.');
  if (valueAt(design, steps) === undefined) throw new UserError(`a design has no setting ${path}`);
  const result = withValueAt(design, steps, value);
  if (typeof result === 'string') throw new UserError(result);
  return result.ok as Design;
}

const isDuration = (value: Readonly<Record<string, unknown>>): boolean =>
  'kind' in value && ['us', 'minUs', 'meanUs', 'medianUs', 'samplesUs'].some((key) => key in value);

/** A value of a Design as a scenario writes it: durations with their unit, `kind` and `Us` left away. `key` is its name in the Design. */
function writtenValue(key: string, value: unknown): unknown {
  if (typeof value === 'number') return key.endsWith('Us') || key === 'us' ? `${value}us` : value;
  if (Array.isArray(value)) return value.map((item) => writtenValue('', item));
  if (!isMap(value)) return value === null ? 'none' : value;
  if (isDuration(value) && value.kind === 'constant') return writtenValue('us', value.us);
  if (value.kind === 'empirical' && Array.isArray(value.samplesUs))
    return { empirical: value.samplesUs.map((us) => writtenValue('us', us)) };
  const entries = Object.entries(value).filter(([name]) => name !== 'kind' || !isDuration(value));
  return Object.fromEntries(
    entries.map(([name, inner]) => [name.replace(/Us$/, ''), writtenValue(name, inner)]),
  );
}

/** A `set` action's path and value as they stand under `set:` in a scenario: `design.retry.timeout: 500000us`. */
export function writtenSetting(path: string, value: unknown): Setting {
  return [`design.${path.replace(/Us$/, '')}`, writtenValue(path, value)];
}
