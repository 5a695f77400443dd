import { describe, expect, it } from 'vitest';
import { createRun, type Run } from '../../../src/run/run.ts';
import { parseScenario } from '../../../src/scenario/parse.ts';
import { messagesOf, missedBy, witnessRows } from '../../../src/views/witness-rows.ts';
import { createPromiseFrames } from '../../../src/worker/promise-frames.ts';
import type { PromiseFrame } from '../../../src/worker/protocol.ts';

/** The ack goes out before the database has it, and then the database crashes. */
const ACK_FIRST = `
scenario: ack-first
title: T
summary: S
teaches: [x]
seed: 6
duration: 3s
design:
  servers: { count: 2 }
  flow: [validate, ack, persist, publish]
  delivery: at-most-once
  rateLimit: none
workload:
  users: [alice, bob]
  channels: { named: { pair: [alice, bob] } }
  messages: { perUserPerMinute: 0 }
  churnPerSecond: 0
script:
  - { at: 200ms, send: { from: alice, to: pair } }
  - { at: 215ms, crash: database }
`;

function ran(): { run: Run; promises: readonly PromiseFrame[] } {
  const run = createRun(parseScenario(ACK_FIRST, 'ack-first.yaml'));
  run.advance(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
  const { promiseOf } = createPromiseFrames(run);
  return { run, promises: run.judge.final(run.nowUs).map(promiseOf) };
}

const shownOf = (promises: readonly PromiseFrame[], name: string) => {
  const { witness, sinceUs } = promises.find((promise) => promise.name === name)!;
  return { promise: name, sinceUs: sinceUs!, witness: witness! };
};

describe('a broken promise', () => {
  it('comes to the page with its sentences, and with messages and users as numbers', () => {
    const { promises } = ran();
    const { witness } = shownOf(promises, 'acked-is-durable');
    expect(witness.text).toBe(
      'Message alice/1 was acked to Alice at 237.619 ms. The store did not have it yet: it was not persisted before.',
    );
    expect(witness.events).toEqual([
      { type: 'ack', timeUs: 237_619, message: { sender: 0, nth: 1 }, user: 0, channel: null },
    ]);
    expect(promises.filter(({ verdict }) => verdict !== 'violated').every((p) => p.witness === null)).toBe(
      true,
    );
  });

  it('just before the fatal choice is before the ack has left, and before that of a loss before the crash takes it', () => {
    const { run, promises } = ran();
    const rows = run.system.context.watching.tracer.rows();
    const ack = rows.find(({ kind }) => kind === 'ack')!;
    expect(shownOf(promises, 'acked-is-durable').witness.beforeUs).toBe(rows[ack.cause]!.departUs - 1);
    const { beforeUs } = shownOf(promises, 'no-loss').witness;
    const drop = rows.find(({ kind }) => kind === 'drop')!;
    expect(beforeUs).toBeLessThan(drop.timeUs);
    expect(beforeUs).toBeLessThan(215_000);
  });

  it('its rows are found again, and of a loss the row with which it was lost and who misses it', () => {
    const { run, promises } = ran();
    const rows = run.system.context.watching.tracer.rows();
    const kindsOf = (name: string): string[] =>
      [...witnessRows(rows, shownOf(promises, name))].map((index) => rows[index]!.kind);
    expect(kindsOf('acked-is-durable')).toEqual(['ack']);
    expect(kindsOf('no-loss').sort()).toEqual(['ack', 'drop', 'send']);
    expect(messagesOf(shownOf(promises, 'no-loss'))).toEqual([{ sender: 0, nth: 1 }]);
    expect(missedBy(shownOf(promises, 'no-loss'))).toEqual([0x4000_0000 + 1]);
    expect(missedBy(shownOf(promises, 'acked-is-durable'))).toEqual([]);
  });
});
