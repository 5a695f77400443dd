import { describe, expect, it } from 'vitest';
import { measure, overSeeds, type StationModel } from './station-rig.ts';

/**
 * The stations against queueing theory (L. Kleinrock, "Queueing Systems", vol. 1, 1975), ten seeds each, within three standard
 * errors of the mean. The service times are long against the microsecond to which durations are rounded.
 */

const JOBS = 40_000;
const MEAN_SERVICE_US = 100_000;

const within = (measured: { mean: number; standardError: number }, theory: number, name: string): void => {
  const { mean, standardError } = measured;
  expect(
    Math.abs(mean - theory),
    `${name}: measured ${mean}, theory ${theory}, standard error ${standardError}`,
  ).toBeLessThan(3 * standardError);
  // A standard error so large that anything passes would prove nothing.
  expect(standardError / theory).toBeLessThan(0.08);
};

const exponential = { kind: 'exponential', meanUs: MEAN_SERVICE_US } as const;
const gapFor = (utilisation: number, workers: number): number => MEAN_SERVICE_US / (utilisation * workers);

/** Erlang's C formula: the probability that an arrival must wait for one of c workers. */
function erlangC(workers: number, load: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; k < workers; k++) {
    term *= load / k;
    sum += term;
  }
  const last = (term * load) / workers / (1 - load / workers);
  return last / (sum + last);
}

describe('stations against queueing formulas', () => {
  for (const utilisation of [0.3, 0.6, 0.8]) {
    it(`M/M/1 at ${utilisation} has the mean wait rho / (mu - lambda)`, () => {
      const theory = (utilisation * MEAN_SERVICE_US) / (1 - utilisation);
      within(
        overSeeds(
          (seed) =>
            measure([{ workers: 1, service: exponential }], gapFor(utilisation, 1), JOBS, seed)
              .meanWaitUs[0]!,
        ),
        theory,
        'wait',
      );
    });
  }

  for (const workers of [2, 4, 16]) {
    it(`M/M/${workers} at 0.8 has the mean wait of Erlang C`, () => {
      const load = 0.8 * workers;
      const theory = (erlangC(workers, load) * MEAN_SERVICE_US) / (workers - load);
      within(
        overSeeds(
          (seed) =>
            measure([{ workers, service: exponential }], gapFor(0.8, workers), JOBS, seed).meanWaitUs[0]!,
        ),
        theory,
        'wait',
      );
    });
  }

  it('M/D/1 at 0.7 waits half as long as M/M/1 (Pollaczek-Khinchine)', () => {
    const service = { kind: 'constant', us: MEAN_SERVICE_US } as const;
    const theory = (0.7 * MEAN_SERVICE_US) / (2 * (1 - 0.7));
    within(
      overSeeds((seed) => measure([{ workers: 1, service }], gapFor(0.7, 1), JOBS, seed).meanWaitUs[0]!),
      theory,
      'wait',
    );
  });

  it('M/G/1 with uniform service at 0.7 has the wait of Pollaczek-Khinchine', () => {
    const service = { kind: 'uniform', minUs: 0, maxUs: 2 * MEAN_SERVICE_US } as const;
    const squaredVariation = 1 / 3;
    const theory = ((0.7 * MEAN_SERVICE_US) / (1 - 0.7)) * ((1 + squaredVariation) / 2);
    within(
      overSeeds((seed) => measure([{ workers: 1, service }], gapFor(0.7, 1), JOBS, seed).meanWaitUs[0]!),
      theory,
      'wait',
    );
  });

  it("Little's law: jobs counted inside are throughput times stay, in every run", () => {
    for (let seed = 1; seed <= 10; seed++) {
      const { meanJobs, meanStayUs, throughputPerUs } = measure(
        [{ workers: 3, service: exponential }],
        gapFor(0.85, 3),
        JOBS,
        seed,
      );
      // The jobs inside at the two ends of the span belong to one side only: that is what the tolerance is for.
      expect(Math.abs(meanJobs[0]! / (throughputPerUs * meanStayUs[0]!) - 1)).toBeLessThan(0.01);
    }
  });

  it('two stations with feedback hold what Jackson says', () => {
    // All go from 0 to 1; a quarter of those served by 1 come back to 0: both see 4/3 of what comes from outside.
    const network: StationModel[] = [
      { workers: 1, service: exponential, next: [[1, 1]] },
      { workers: 2, service: { kind: 'exponential', meanUs: 1.5 * MEAN_SERVICE_US }, next: [[0, 0.25]] },
    ];
    const utilisation = 0.7;
    const meanGapUs = (MEAN_SERVICE_US / utilisation) * (4 / 3);
    const runs = Array.from({ length: 10 }, (_, i) => measure(network, meanGapUs, JOBS, i + 1));
    const load = utilisation * 1.5;
    const theory = [utilisation / (1 - utilisation), load + (erlangC(2, load) * (load / 2)) / (1 - load / 2)];
    theory.forEach((jobs, station) => {
      let i = 0;
      within(
        overSeeds(() => runs[i++]!.meanJobs[station]!),
        jobs,
        `jobs at station ${station}`,
      );
    });
  });

  it('catches a station that forgets one worker', () => {
    const theory = (erlangC(4, 3.2) * MEAN_SERVICE_US) / (4 - 3.2);
    const wrong = overSeeds(
      (seed) => measure([{ workers: 5, service: exponential }], gapFor(0.8, 4), JOBS, seed).meanWaitUs[0]!,
    );
    expect(Math.abs(wrong.mean - theory)).toBeGreaterThan(3 * wrong.standardError);
  });
});
