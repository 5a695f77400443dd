import { RATE_LIMIT_ALGORITHMS } from '../../../algorithms/rate-limit/config.ts';
import type { LabModel } from '../drawing/timeline.ts';
import { LATEST_US, MOST_REQUESTS, requestsAt, timesOf } from './requests.ts';
import { type LimitSettings, settingsProblems } from './settings.ts';

/**
 * The laboratory as one word of a link: `algorithm,limit,window,burst,boundary,leak,align,rounding,refused,times`, times in microseconds with `_`
 * between them, `-` for what is not there.
 */
export function writeLab({ algorithm, settings, requests }: Omit<LabModel, 'pattern'>): string {
  const { limit, windowUs, burst, boundary, leak, align, rounding, refusedCount } = settings;
  const times = timesOf(requests).join('_');
  return [
    algorithm,
    limit,
    windowUs,
    burst ?? '-',
    boundary,
    leak,
    align,
    rounding,
    refusedCount ? 'count' : '-',
    times === '' ? '-' : times,
  ].join(',');
}

/** Reads what writeLab wrote. Throws RangeError in one line: what is wrong; what would be right. */
export function readLab(text: string): LabModel {
  const fields = text.split(',');
  if (fields.length !== 10)
    throw new RangeError(`it has ${fields.length} fields; it should have 10, such as ${EXAMPLE}`);
  const [algorithm, limit, windowUs, burst, boundary, leak, align, rounding, refused, times] = fields as [
    string,
    string,
    string,
    string,
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  const settings: LimitSettings = {
    limit: whole(limit, 'a limit'),
    windowUs: whole(windowUs, 'a window in microseconds'),
    burst: burst === '-' ? null : whole(burst, 'a burst'),
    boundary: oneOf(boundary, ['inclusive', 'exclusive']),
    leak: oneOf(leak, ['meter', 'queue']),
    align: oneOf(align, ['clock', 'first-request']),
    rounding: oneOf(rounding, ['exact', 'floor']),
    refusedCount: oneOf(refused, ['count', '-']) === 'count',
  };
  const [problem] = settingsProblems(settings, RATE_LIMIT_ALGORITHMS);
  if (problem !== undefined) throw new RangeError(problem);
  const timesUs = times === '-' ? [] : times.split('_').map((time) => whole(time, 'a time in microseconds'));
  if (timesUs.length > MOST_REQUESTS)
    throw new RangeError(`it has ${timesUs.length} requests; at most ${MOST_REQUESTS} can be drawn`);
  if (timesUs.some((timeUs) => timeUs > LATEST_US))
    throw new RangeError(`a request is more than a day away; write times up to ${LATEST_US}`);
  return {
    algorithm: oneOf(algorithm, RATE_LIMIT_ALGORITHMS),
    settings,
    requests: requestsAt(timesUs),
    pattern: null,
  };
}

const EXAMPLE = 'gcra,5,60000000,-,inclusive,meter,clock,exact,-,0_15000000';

function whole(text: string, what: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value))
    throw new RangeError(`"${text.slice(0, 20)}" is not ${what}; write a whole number`);
  return value;
}

function oneOf<T extends string>(text: string, words: readonly T[]): T {
  const found = words.find((word) => word === text);
  if (found === undefined)
    throw new RangeError(`there is no "${text.slice(0, 30)}"; choose one of ${words.join(', ')}`);
  return found;
}
