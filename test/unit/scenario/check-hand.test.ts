import { describe, expect, it } from 'vitest';
import { checkHand } from '../../../src/run/check-hand.ts';
import { createRun } from '../../../src/run/run.ts';
import { parseScenario } from '../../../src/scenario/parse.ts';
import { TINY } from './texts.ts';

const scenario = parseScenario(TINY, 'tiny.yaml');
const check = (path: string, value: unknown) => () => checkHand(scenario, { do: 'set', path, value });

describe('a setting changed by hand', () => {
  it.each([
    ['retry.timeoutUs', 250_000],
    ['reconnect.backoff', 'full-jitter'],
    ['flow', ['validate', 'ack', 'persist', 'publish']],
    ['database.write', { kind: 'constant', us: 3_000 }],
    ['database.write', { kind: 'lognormal', medianUs: 2_000, p99Us: 15_000 }],
    ['database.write', { kind: 'empirical', samplesUs: [2_000, 1_000, 5_000] }],
    ['network.internal', { kind: 'uniform', minUs: 1, maxUs: 9 }],
    ['pubsub.perSubscriberUs', 1.5],
    ['reconnect.resume', false],
    ['gateway.acceptsPerSecond', 500],
  ])('may be what a scenario may say: %s', (path, value) => {
    expect(check(path, value)).not.toThrow();
  });

  it.each([
    ['retry.timeoutUs', 'soon', /is no duration/],
    ['retry.timeoutUs', -1, /is no duration|never negative/],
    ['retry.timeoutUs', Number.NaN, /is no duration/],
    ['retry.timeout', 5, /has no unit/],
    ['reconnect.backoff', 'prayer', /not one of the names/],
    ['flow', ['validate'], /publish is missing/],
    ['flow', 'publish', /./],
    ['database.write', { kind: 'lognormal', medianUs: 2_000, p99Us: 1_000 }, /p99 is not longer/],
    ['database.write', null, /./],
    ['nothing.here', 1, /nothing/],
    ['__proto__.x', 1, /./],
    ['servers.count', 3, /cannot change while the system runs/],
    ['ordering', 'global', /cannot change while the system runs/],
  ])('%s cannot be %j', (path, value, sentence) => {
    expect(check(path, value)).toThrow(sentence);
    expect(check(path, value)).toThrow(RangeError);
  });

  it('is refused before a run begins, and while it runs, and leaves no trace', () => {
    const action = { do: 'set', path: 'retry.timeoutUs', value: 'soon' } as const;
    expect(() => createRun(scenario, { hand: [{ atUs: 0, action }] })).toThrow(RangeError);
    const run = createRun(scenario);
    run.advance(1_000_000, Number.POSITIVE_INFINITY);
    const before = run.worldHash();
    expect(() => run.act(action)).toThrow(RangeError);
    expect([run.worldHash(), run.hand]).toEqual([before, []]);
  });
});
