import { RATE_LIMIT_ALGORITHMS } from '../../algorithms/rate-limit/config.ts';
import { RATE_LIMIT_KEYS } from '../../system/design/design.ts';
import * as limits from '../bounds.ts';
import { durations, queue, workers } from './durations.ts';
import { count, duration, oneOf, yesOrNo } from './scalars.ts';
import { forms, list, map } from './shapes.ts';

/** `rateLimit:` one limit, several that a request must all be within, or none. */

const one = map('A limit on how often a user, an address or a channel may send.', {
  algorithm: oneOf(RATE_LIMIT_ALGORITHMS, 'How requests are counted.').optional(),
  limit: count('Requests that are allowed in one window.', {
    min: 1,
    max: limits.MAX_RATE_LIMIT,
  }).optional(),
  window: duration('Length of the window.', { min: 1 }).optional(),
  burst: count('Requests that a bucket admits at once; as many as the limit when it is left out.', {
    min: 1,
    max: limits.MAX_RATE_LIMIT,
  }).optional(),
  by: oneOf(
    RATE_LIMIT_KEYS,
    'Whose requests are counted together: those of a user, of an address (see workload.usersPerAddress), or those to a channel.',
  ).optional(),
  placement: oneOf(
    ['gateway', 'server', 'service', 'none'],
    'Where the limit is enforced: at the gateway before any work, in each server with counters of its own, in a service with one counter for all, or nowhere.',
  ).optional(),
  counters: oneOf(
    ['shared', 'each'],
    'At the gateways: all share one counter, or each counts only what passes it.',
  ).optional(),
  boundary: oneOf(
    ['inclusive', 'exclusive'],
    'Sliding-window log: whether a request exactly one window old still counts.',
  ).optional(),
  leak: oneOf(
    ['meter', 'queue'],
    'Leaky bucket: refuse what would overflow and let the rest go on at once, or hold it back until it leaks out.',
  ).optional(),
  align: oneOf(
    ['clock', 'first-request'],
    'Fixed window: windows begin at multiples of the window, or with the first request.',
  ).optional(),
  rounding: oneOf(
    ['exact', 'floor'],
    'Sliding-window counter: the estimate with the request must be within the limit, or the estimate rounded down must be below it.',
  ).optional(),
  refusedCount: yesOrNo('Windows and log: whether refused requests count, too.').optional(),
  timeout: duration('As a service: how long a server waits for its answer.', { min: 1 }).optional(),
  whenDown: oneOf(
    ['open', 'closed'],
    'As a service: what a server does without an answer in time: lets everything through, or refuses everything.',
  ).optional(),
  compareWithLog: yesOrNo(
    'Asks an exact log of what was let through beside each decision, and counts where the two differ.',
  ).optional(),
  workers: workers('the limiter (where it is a service of its own)'),
  queue: queue('the limiter (where it is a service of its own)'),
  service: durations(
    'Time that the limiter needs for one decision (where it is a service of its own).',
  ).optional(),
});

export const rateLimit = forms(
  'The limit on how often somebody may send; several in a list; none switches it off.',
  [
    oneOf(['none'], 'No rate limit.'),
    one,
    list('Several limits; a request must be within all of them.', one, limits.MAX_RATE_LIMITS, 1),
  ],
  'none or { algorithm: sliding-window-log, limit: 5, window: 60s }',
).optional();
