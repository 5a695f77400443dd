import { rateLimitProblems } from '../../algorithms/rate-limit/config.ts';
import { DEFAULT_DESIGN, DEFAULT_RATE_LIMIT } from '../../system/design/defaults.ts';
import { type Design, type RateLimit, rateLimitsOf } from '../../system/design/design.ts';
import type { WrittenDesign } from '../schema/design.ts';
import type { ProblemList } from '../text/problems.ts';
import { overlay } from './overlay.ts';

/** A Design from what is written and the defaults, with the checks that need more than one value. */
export function normaliseDesign(written: WrittenDesign | undefined, problems: ProblemList): Design {
  const { rateLimit, ...rest } = written ?? {};
  const design: Design = {
    ...overlay(DEFAULT_DESIGN, rest),
    ...normaliseRateLimits(rateLimit, problems),
  };
  checkDurations(design, problems);
  checkOrder(design, problems);
  checkNumbers(design, problems);
  return design;
}

type WrittenLimit = Extract<NonNullable<WrittenDesign['rateLimit']>, { readonly limit?: unknown }>;

function normaliseRateLimits(
  written: WrittenDesign['rateLimit'],
  problems: ProblemList,
): Pick<Design, 'rateLimit' | 'furtherRateLimits'> {
  if (written === undefined) return { rateLimit: DEFAULT_RATE_LIMIT };
  if (written === 'none') return { rateLimit: null };
  const isList = Array.isArray(written);
  const all = (isList ? written : [written]).flatMap((one, i) => {
    const limit = normaliseRateLimit(one);
    if (limit !== null) checkRateLimit(limit, isList ? [i] : [], problems);
    return limit ?? [];
  });
  const [first = null, ...further] = all;
  return { rateLimit: first, ...(further.length > 0 ? { furtherRateLimits: further } : {}) };
}

function normaliseRateLimit({ placement, ...rest }: WrittenLimit): RateLimit | null {
  if (placement === 'none') return null;
  const limit = rest.limit ?? DEFAULT_RATE_LIMIT.limit;
  return overlay(DEFAULT_RATE_LIMIT, {
    burst: limit,
    ...rest,
    ...(placement === undefined ? {} : { placement }),
  });
}

/** Where it is one of a list, `at` is its place there. */
function checkRateLimit(limit: RateLimit, at: readonly number[], problems: ProblemList): void {
  for (const { field, message } of rateLimitProblems(limit))
    problems.add(['design', 'rateLimit', ...at, field], message);
}

/** The durations of a design with their paths as written. */
function durationsOf(design: Design): [path: (string | number)[], of: Design['service']['service']][] {
  return [
    [['gateway', 'service'], design.gateway.service],
    [['servers', 'receive'], design.servers.receive],
    [['servers', 'notify'], design.servers.notify],
    [['pubsub', 'publish'], design.pubsub.publish],
    [['service', 'service'], design.service.service],
    [['database', 'write'], design.database.write],
    [['database', 'read'], design.database.read],
    ...rateLimitsOf(design).map(({ service }, i): [(string | number)[], Design['service']['service']] => [
      ['rateLimit', i, 'service'],
      service,
    ]),
    [['sequencer', 'service'], design.sequencer.service],
    [['network', 'internal'], design.network.internal],
    ...design.network.clients.map((client, i): [(string | number)[], Design['service']['service']] => [
      ['network', 'clients', i, 'latency'],
      client.latency,
    ]),
  ];
}

function checkDurations(design: Design, problems: ProblemList): void {
  for (const [path, of] of durationsOf(design)) {
    if (of.kind === 'lognormal' && of.p99Us <= of.medianUs) {
      problems.add(
        ['design', ...path, 'p99'],
        'p99 is not longer than the median; make it longer, or write one duration',
      );
    }
    if (of.kind === 'uniform' && of.maxUs < of.minUs) {
      problems.add(['design', ...path, 'max'], 'max is shorter than min; swap them');
    }
  }
}

function checkOrder(design: Design, problems: ProblemList): void {
  design.flow.forEach((step, i) => {
    if (design.flow.indexOf(step) !== i)
      problems.add(['design', 'flow', i], `${step} is there twice; name each step once`);
  });
  if (!design.flow.includes('publish')) {
    problems.add(['design', 'flow'], 'publish is missing, so nobody would get a message; add publish');
  }
  const { hardBytes, softBytes } = design.pubsub.outputBuffer;
  if (softBytes > hardBytes) {
    problems.add(
      ['design', 'pubsub', 'outputBuffer', 'softBytes'],
      `the soft limit of ${softBytes} bytes is above the hard one of ${hardBytes}; make it at most as large`,
    );
  }
  for (const of of ['retry', 'reconnect'] as const) {
    const { baseUs, capUs } = design[of];
    if (capUs < baseUs) {
      problems.add(['design', of, 'cap'], 'the cap is shorter than the base; make it at least as long');
    }
  }
  const names = design.network.clients.map((client) => client.name);
  names.forEach((name, i) => {
    if (names.indexOf(name) !== i) {
      problems.add(
        ['design', 'network', 'clients', i, 'name'],
        `there are two classes called ${name}; rename one`,
      );
    }
  });
  const total = design.network.clients.reduce((sum, client) => sum + client.share, 0);
  if (Math.abs(total - 1) > 1e-6) {
    problems.add(
      ['design', 'network', 'clients'],
      `the shares add up to ${Number((total * 100).toPrecision(6))}%; make them 100%`,
    );
  }
}

/** Who numbers a message, and when, must fit the rest. */
function checkNumbers(design: Design, problems: ProblemList): void {
  const { flow, sequence, sequencer, reconnect } = design;
  if (sequence.source === 'partition') {
    const at = ['design', 'sequence', 'source'];
    if (design.pubsub.kind !== 'kafka')
      problems.add(at, 'only a Kafka partition numbers messages; set pubsub.kind to kafka');
    else if (flow.includes('persist') && flow.indexOf('persist') < flow.indexOf('publish'))
      problems.add(
        at,
        'a message has no number before it is published; put publish before persist in the flow',
      );
  }
  if (design.outbox.enabled && !flow.includes('persist'))
    problems.add(
      ['design', 'outbox', 'enabled'],
      'the outbox is written with the message; add persist to the flow',
    );
  if (sequencer.replicas === 2)
    problems.add(['design', 'sequencer', 'replicas'], 'two have no majority when one is gone; write 1 or 3');
  if (!Number.isSafeInteger(reconnect.offset))
    problems.add(['design', 'reconnect', 'offset'], 'numbers are whole; write 0, 1 or -1');
}
