import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../../src/base/errors.ts';
import { createDuration, quantilesOfSamples } from '../../../src/kernel/distributions.ts';
import { createRun } from '../../../src/run/run.ts';
import { parseScenario } from '../../../src/scenario/parse.ts';
import { durationInWords } from '../../../src/system/design/distribution-words.ts';

const text = (write: string): string => `scenario: measured
title: Measured
duration: 5s
design:
  database: { write: ${write} }
workload:
  users: 100
`;

function problemOf(write: string): string {
  try {
    parseScenario(text(write), 'm.yaml');
    return '';
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.message;
  }
}

/** The draw at a share of all choices. */
const at = (samplesUs: readonly number[]) => {
  const draw = createDuration({ kind: 'empirical', quantiles: quantilesOfSamples(samplesUs) });
  return (share: number): number => draw(Math.min(2 ** 32 - 1, Math.floor(share * 2 ** 32)));
};

describe('a duration given as measured samples', () => {
  test('has their quantiles: each sample at its place, and even between two', () => {
    const draw = at([40, 10, 20, 30, 50]);
    expect([0, 0.25, 0.5, 0.75, 1].map(draw)).toEqual([10, 20, 30, 40, 50]);
    expect(draw(0.125)).toBe(15);
    expect(at([0, 1_000_000])(0.99)).toBeCloseTo(990_000, -1);
  });

  test('has the quantiles of any samples, within the rounding to whole microseconds', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 1e9 }), { minLength: 2, maxLength: 200 }), (samples) => {
        const sorted = [...samples].sort((a, b) => a - b);
        const draw = at(samples);
        const widest = (sorted.at(-1)! - sorted[0]!) * 2 ** -20;
        sorted.forEach((us, i) => {
          expect(Math.abs(draw(i / (sorted.length - 1)) - us)).toBeLessThanOrEqual(1 + widest);
        });
      }),
    );
  });

  test('is read, said in words, and drawn the same in every run', () => {
    const scenario = parseScenario(text('{ empirical: [5ms, 1ms, 2ms] }'), 'm.yaml');
    expect(scenario.design.database.write).toEqual({ kind: 'empirical', samplesUs: [5_000, 1_000, 2_000] });
    expect(durationInWords(scenario.design.database.write)).toBe('3 measured samples, 1 ms to 5 ms');
    const hash = (): string => {
      const run = createRun(scenario);
      run.advance(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
      return run.worldHash();
    };
    expect(hash()).toBe(hash());
  });

  test('may stand wherever a scenario writes a duration that is drawn', () => {
    const measured = '{ empirical: [1ms, 2ms] }';
    const everywhere = `scenario: measured
title: Measured
design:
  gateway: { service: ${measured} }
  servers: { receive: ${measured}, notify: ${measured} }
  pubsub: { publish: ${measured} }
  service: { service: ${measured} }
  database: { write: ${measured}, read: ${measured} }
  rateLimit: { placement: service, service: ${measured} }
  ordering: global
  sequencer: { service: ${measured} }
  network: { clients: [{ name: phone, share: 1, latency: ${measured} }], internal: ${measured} }
`;
    expect(JSON.stringify(parseScenario(everywhere, 'm.yaml')).match(/samplesUs/g)).toHaveLength(11);
  });

  test('is refused with one line where samples are too few, too many, or no durations', () => {
    expect(problemOf('{ empirical: [1ms] }')).toBe('m.yaml:5:35: the list has too few items; at least 2');
    expect(problemOf('{ empirical: [1ms, 2] }')).toMatch(/^m.yaml:5:\d+: 2 has no unit; write 2ms or 2s$/);
    expect(problemOf('{ empirical: [1ms, -2ms] }')).toContain('a duration is never negative');
    expect(problemOf(`{ empirical: [${'1ms, '.repeat(1000)}2ms] }`)).toContain(
      'the list is too long; at most 1000 items',
    );
    expect(problemOf('{ empirical: 1ms }')).toContain('stands where a list is expected');
    expect(problemOf('{ empirical: [1ms, 2ms], mean: 2ms }')).toContain('is unknown');
  });
});
