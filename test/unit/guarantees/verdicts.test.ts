import { describe, expect, test } from 'vitest';
import type { CheckerOptions } from '../../../src/guarantees/checker.ts';
import { checkHistory, HistoryJudge } from '../../../src/guarantees/judge.ts';
import { GUARANTEES } from '../../../src/guarantees/registry.ts';
import { story } from './story.ts';

/** Verdict, what happens, and of a violated one: how often, and what the witness says. */
type Case = readonly [
  verdict: 'holds' | 'violated' | 'unknown' | 'not at stake',
  title: string,
  story: string,
  violations?: number,
  text?: string,
];

const LIMIT: CheckerOptions = { limit: 2, windowUs: 60_000 };

const CASES: Readonly<Record<string, readonly Case[]>> = {
  'per-sender-fifo': [
    [
      'holds',
      'one sender in order',
      'alice sends m1 to c1; alice sends m2 to c1; bob sees m1 in c1; bob sees m2 in c1; end',
    ],
    [
      'not at stake',
      'two senders in any order',
      'alice sends m1 to c1; bob sends m2 to c1; eve sees m2 in c1; eve sees m1 in c1',
    ],
    [
      'not at stake',
      'one sender in two channels',
      'alice sends m1 to c1; alice sends m2 to c2; bob sees m2 in c2; bob sees m1 in c1',
    ],
    [
      'holds',
      'a first message that never comes',
      'alice sends m1 to c1; alice sends m2 to c1; bob sees m2 in c1; end',
    ],
    [
      'holds',
      'an old message shown again',
      'alice sends m1 to c1; alice sends m2 to c1; bob sees m1 in c1; bob sees m2 in c1; bob sees m1 in c1',
    ],
    ['not at stake', 'nothing', ''],
    [
      'violated',
      'the second before the first',
      'alice sends m1 to c1; alice sends m2 to c1; bob sees m2 in c1; bob sees m1 in c1',
      1,
      'Alice sent m1 before m2 to #c1, but Bob was shown m2 before m1. The messages of one sender are to be shown in the order they were sent.',
    ],
    [
      'violated',
      'with another sender between',
      'alice sends m1 to c1; alice sends m2 to c1; dave sends m3 to c1; bob sees m2 in c1; bob sees m3 in c1; bob sees m1 in c1',
      1,
    ],
    [
      'violated',
      'a retry does not count as a new send',
      'alice sends m1 to c1; alice sends m2 to c1; alice sends m1 to c1; bob sees m2 in c1; bob sees m1 in c1',
      1,
    ],
  ],
  'per-channel-order': [
    ['holds', 'all the same', 'bob sees m1 in c1; bob sees m2 in c1; eve sees m1 in c1; eve sees m2 in c1'],
    [
      'holds',
      'two who saw different messages',
      'bob sees m1 in c1; bob sees m2 in c1; eve sees m2 in c1; eve sees m3 in c1; dave sees m3 in c1',
    ],
    [
      'not at stake',
      'opposite orders in two channels',
      'bob sees m1 in c1; bob sees m2 in c2; eve sees m2 in c2; eve sees m1 in c1',
    ],
    [
      'holds',
      'an order that is not that of sending',
      'alice sends m1 to c1; bob sends m2 to c1; eve sees m2 in c1; eve sees m1 in c1; end',
    ],
    [
      'holds',
      'a repeated showing',
      'bob sees m1 in c1; bob sees m2 in c1; bob sees m1 in c1; eve sees m1 in c1; eve sees m2 in c1',
    ],
    [
      'violated',
      'two users, two messages',
      'bob sees m7 in general; bob sees m5 in general; carol sees m5 in general; carol sees m7 in general',
      1,
      'Bob saw m7 before m5, but Carol saw m5 before m7. Both are in #general, so no single order fits.',
    ],
    [
      'violated',
      'not one right after the other',
      'bob sees m7 in c1; bob sees m1 in c1; bob sees m5 in c1; carol sees m5 in c1; carol sees m2 in c1; carol sees m7 in c1',
      1,
      'Bob saw m7 before m5, but Carol saw m5 before m7. Both are in #c1, so no single order fits.',
    ],
    [
      'violated',
      'a ring of three, of whom no two disagree',
      'bob sees m1 in c1; bob sees m2 in c1; carol sees m2 in c1; carol sees m3 in c1; dave sees m3 in c1; dave sees m1 in c1',
      1,
      'Bob saw m1 before m2, Carol saw m2 before m3, but Dave saw m3 before m1. All 3 are in #c1, so no single order fits.',
    ],
    [
      'violated',
      'in two channels',
      'bob sees m1 in c1; bob sees m2 in c1; eve sees m2 in c1; eve sees m1 in c1; bob sees n1 in c2; bob sees n2 in c2; eve sees n2 in c2; eve sees n1 in c2',
      2,
    ],
  ],
  'causal-order': [
    [
      'holds',
      'question, then answer',
      'alice sends q to c1; bob sees q in c1; bob sends a to c1; eve sees q in c1; eve sees a in c1',
    ],
    [
      'holds',
      'an answer alone',
      'alice sends q to c1; bob sees q in c1; bob sends a to c1; eve sees a in c1; end',
    ],
    [
      'not at stake',
      'two that know nothing of each other',
      'alice sends m1 to c1; bob sends m2 to c1; eve sees m2 in c1; eve sees m1 in c1',
    ],
    [
      'not at stake',
      'seen only after sending',
      'alice sends m1 to c1; bob sends m2 to c1; bob sees m1 in c1; eve sees m2 in c1; eve sees m1 in c1',
    ],
    [
      'holds',
      'an effect that its cause repeats',
      'alice sends q to c1; bob sees q in c1; bob sends a to c1; eve sees q in c1; eve sees a in c1; eve sees q in c1',
    ],
    [
      'violated',
      'the answer before the question',
      'alice sends q to c1; bob sees q in c1; bob sends a to c1; eve sees a in c1; eve sees q in c1',
      1,
      'Bob had seen q when sending a, so q comes before a. Eve was shown a before q.',
    ],
    [
      'violated',
      'two of one sender, in two channels',
      'alice sends m1 to c1; alice sends m2 to c2; eve sees m2 in c2; eve sees m1 in c1',
      1,
      'Alice sent m1 before m2, so m1 comes before m2. Eve was shown m2 before m1.',
    ],
    [
      'violated',
      'through others and another channel',
      'alice sends m1 to c1; bob sees m1 in c1; bob sends m2 to c2; carol sees m2 in c2; carol sends m3 to c1; eve sees m3 in c1; eve sees m1 in c1',
      1,
      'Bob had seen m1 when sending m2 and Carol had seen m2 when sending m3, so m1 comes before m3. Eve was shown m3 before m1.',
    ],
    [
      'violated',
      'own words that come back after the answer',
      'alice sends q to c1; bob sees q in c1; bob sends a to c1; alice sees a in c1; alice sees q in c1',
      1,
    ],
  ],
  'global-order': [
    [
      'holds',
      'one order over two channels',
      'bob sees m1 in c1; bob sees m2 in c2; eve sees m1 in c1; eve sees m2 in c2',
    ],
    ['not at stake', 'disjoint users', 'bob sees m1 in c1; eve sees m2 in c2'],
    [
      'violated',
      'opposite orders in two channels',
      'bob sees m1 in c1; bob sees m2 in c2; eve sees m2 in c2; eve sees m1 in c1',
      1,
      'Bob saw m1 before m2, but Eve saw m2 before m1. No single order of all messages fits what they saw.',
    ],
    [
      'violated',
      'within one channel',
      'bob sees m1 in c1; bob sees m2 in c1; eve sees m2 in c1; eve sees m1 in c1',
      1,
    ],
  ],
  'no-loss': [
    [
      'holds',
      'shown to all',
      'bob joins c1; alice sends m1 to c1; m1 acked to alice; bob sees m1 in c1; end',
    ],
    [
      'holds',
      'shown before the ack',
      'bob joins c1; alice sends m1 to c1; bob sees m1 in c1; m1 acked to alice; cut',
    ],
    ['not at stake', 'lost, but never acked', 'bob joins c1; alice sends m1 to c1; end'],
    ['not at stake', 'refused', 'bob joins c1; alice sends m1 to c1; m1 refused to alice; end'],
    ['not at stake', 'joined after the send', 'alice sends m1 to c1; bob joins c1; m1 acked to alice; end'],
    [
      'holds',
      'left before it was shown',
      'bob joins c1; alice sends m1 to c1; m1 acked to alice; bob leaves c1; end',
    ],
    [
      'holds',
      'left and came back',
      'bob joins c1; alice sends m1 to c1; m1 acked to alice; bob leaves c1; bob joins c1; end',
    ],
    [
      'not at stake',
      'not shown to its sender',
      'alice joins c1; alice sends m1 to c1; m1 acked to alice; end',
    ],
    ['not at stake', 'nobody there', 'alice sends m1 to c1; m1 acked to alice; end'],
    ['unknown', 'under way when the history stops', 'bob joins c1; alice sends m1 to c1; m1 acked to alice'],
    [
      'unknown',
      'under way when the history is cut',
      'bob joins c1; alice sends m1 to c1; m1 acked to alice; cut',
    ],
    [
      'violated',
      'acked and never shown',
      'bob joins c1; eve joins c1; alice sends m1 to c1; m1 acked to alice; eve sees m1 in c1; end',
      1,
      'Message m1 was acked to Alice at 4 ms, and Bob was in #c1 when it was sent and has not left. At 6 ms nothing is under way any more, and Bob has not been shown it.',
    ],
    [
      'violated',
      'to two members',
      'bob joins c1; eve joins c1; alice sends m1 to c1; m1 acked to alice; end',
      2,
    ],
    [
      'violated',
      'shown in another channel only',
      'bob joins c1; alice sends m1 to c1; m1 acked to alice; bob sees m1 in c2; end',
      1,
    ],
  ],
  'no-duplicates': [
    ['holds', 'once to each', 'bob sees m1 in c1; eve sees m1 in c1; end'],
    [
      'violated',
      'twice to one',
      'bob sees m1 in c1; eve sees m1 in c1; bob sees m1 in c1',
      1,
      'Bob was shown m1 at 1 ms and again at 3 ms. It is one message, to be shown once.',
    ],
    ['violated', 'three times', 'bob sees m1 in c1; bob sees m1 in c1; bob sees m1 in c1', 2],
    [
      'violated',
      'in its channel and in another',
      'alice sends m1 to c1; bob sees m1 in c1; bob sees m1 in c2',
      1,
      'Bob was shown m1 in #c1 at 2 ms and again in #c2 at 3 ms. It is one message, to be shown once.',
    ],
    [
      'violated',
      'in another channel and in its own',
      'alice sends m1 to c1; bob sees m1 in c2; bob sees m1 in c1; eve sees m1 in c2',
      1,
      'Bob was shown m1 in #c2 at 2 ms and again in #c1 at 3 ms. It is one message, to be shown once.',
    ],
    ['violated', 'in two others', 'alice sends m1 to c1; bob sees m1 in c2; bob sees m1 in c3', 1],
  ],
  'no-phantoms': [
    ['holds', 'sent, then shown', 'alice sends m1 to c1; bob sees m1 in c1'],
    [
      'violated',
      'never sent',
      'bob sees m1 in c1',
      1,
      'Bob was shown m1 in #c1 at 1 ms. Nobody had sent it before.',
    ],
    ['violated', 'sent later', 'bob sees m1 in c1; alice sends m1 to c1; bob sees m1 in c1', 1],
    [
      'violated',
      'sent elsewhere',
      'alice sends m1 to c1; bob sees m1 in c2',
      1,
      'Bob was shown m1 in #c2 at 2 ms. It had been sent to #c1 only.',
    ],
  ],
  'authorised-only': [
    ['holds', 'to a member', 'bob joins c1; bob sees m1 in c1'],
    ['holds', 'to one who came back', 'bob joins c1; bob leaves c1; bob joins c1; bob sees m1 in c1'],
    ['holds', 'two joins are one', 'bob joins c1; bob joins c1; bob sees m1 in c1'],
    [
      'violated',
      'to a stranger',
      'bob joins c2; bob sees m1 in c1',
      1,
      'Bob was shown m1 in #c1 at 2 ms. Bob had not joined the channel before.',
    ],
    [
      'violated',
      'to one who has left',
      'bob joins c1; bob leaves c1; bob sees m1 in c1',
      1,
      'Bob was shown m1 in #c1 at 3 ms. Bob had left the channel at 2 ms.',
    ],
    [
      'violated',
      'one leave undoes two joins',
      'bob joins c1; bob joins c1; bob leaves c1; bob sees m1 in c1',
      1,
    ],
  ],
  'acked-is-durable': [
    ['holds', 'persisted, then acked', 'm1 persisted; m1 acked to alice; end'],
    ['not at stake', 'lost, but never acked', 'm1 persisted; m1 lost; end'],
    ['holds', 'lost, persisted again, then acked', 'm1 persisted; m1 lost; m1 persisted; m1 acked to alice'],
    [
      'violated',
      'acked before it was persisted',
      'm1 acked to alice; m1 persisted',
      1,
      'Message m1 was acked to Alice at 1 ms. The store did not have it yet: it was not persisted before.',
    ],
    [
      'violated',
      'lost after the ack',
      'm1 persisted; m1 acked to alice; m1 lost',
      1,
      'Message m1 was acked to Alice at 2 ms. The store lost it at 3 ms, so it is no longer safe.',
    ],
    [
      'violated',
      'lost before the ack',
      'm1 persisted; m1 lost; m1 acked to alice',
      1,
      'Message m1 was acked to Alice at 3 ms. The store had it at 1 ms and had lost it at 2 ms.',
    ],
    ['violated', 'each message once', 'm1 acked to alice; m1 persisted; m1 lost; m2 acked to alice', 2],
  ],
  'rate-bound': [
    ['holds', 'as many as the limit', '@10; alice accepted; alice accepted'],
    ['holds', 'more, but of two keys', 'alice accepted; bob accepted; alice accepted; bob accepted'],
    ['holds', 'just over a window apart', '@0; alice accepted; @30; alice accepted; @61; alice accepted'],
    [
      'violated',
      'exactly one window old counts',
      '@0; alice accepted; @30; alice accepted; @60; alice accepted',
      1,
      'Alice had 3 requests accepted from 0 ms to 60 ms. The limit is 2 in any window of 60 ms, both ends included.',
    ],
    [
      'violated',
      'across the edge of two fixed windows',
      '@58; alice accepted; alice accepted; alice accepted; alice accepted',
      2,
    ],
    [
      'not at stake',
      'sends that nothing tells were accepted',
      'alice sends m1 to c1; alice sends m2 to c1; alice sends m3 to c1',
    ],
    [
      'holds',
      'a refused send',
      'alice sends m1 to c1; alice sends m2 to c1; alice sends m3 to c1; m1 acked to alice; m2 acked to alice; m3 refused to alice',
    ],
    [
      'violated',
      'sends that were acked, shown or persisted',
      'alice sends m1 to c1; alice sends m2 to c1; alice sends m3 to c1; m3 acked to alice; m1 persisted; bob sees m2 in c1',
      1,
      'Alice had 3 messages accepted from 1 ms to 3 ms. The limit is 2 in any window of 60 ms, both ends included.',
    ],
    [
      'holds',
      'a send that was refused and sent again when there was room',
      '@0; alice sends m1 to c1; alice sends m2 to c1; m1 acked to alice; m2 acked to alice; alice sends m3 to c1; m3 refused to alice; @100; alice sends m3 to c1; m3 acked to alice',
    ],
    [
      'holds',
      'sends do not count beside accepts',
      'alice accepted; alice sends m1 to c1; m1 acked to alice; alice accepted; alice sends m2 to c1; m2 acked to alice',
    ],
  ],
  'presence-converges': [
    [
      'holds',
      'late, but true in the end',
      'alice online; bob sees alice online; alice offline; bob sees alice offline; end',
    ],
    ['not at stake', 'nothing was shown', 'alice online; end'],
    [
      'holds',
      'the user who is shown it is offline',
      'bob online; alice online; bob sees alice offline; bob offline; end',
    ],
    ['unknown', 'it may still come', 'alice online; bob sees alice online; alice offline'],
    ['unknown', 'cut short', 'alice online; bob sees alice online; alice offline; cut'],
    [
      'violated',
      'offline, and shown as online',
      'alice online; bob sees alice online; alice offline; end',
      1,
      'Bob is shown alice as online since 2 ms. The truth is offline, since 3 ms, and at 4 ms nothing changes any more.',
    ],
    [
      'violated',
      'online, and shown as offline',
      'alice online; bob sees alice online; bob sees alice offline; end',
      1,
    ],
    ['violated', 'never was online', 'bob sees alice online; end', 1],
  ],
  'joined-only': [
    [
      'holds',
      'a member when it was sent, who left and joined again before it was shown',
      'bob joins c1; alice sends m1 to c1; m1 persisted; bob leaves c1; bob joins c1; bob sees m1 in c1',
    ],
    [
      'holds',
      'a join while it is under way',
      'alice sends m1 to c1; bob joins c1; m1 persisted; bob sees m1 in c1',
    ],
    [
      'holds',
      'a leave while it is under way',
      'bob joins c1; alice sends m1 to c1; bob leaves c1; m1 persisted; bob joins c1; bob sees m1 in c1',
    ],
    ['not at stake', 'not stored before', 'alice sends m1 to c1; bob joins c1; bob sees m1 in c1'],
    ['not at stake', 'no member at all', 'alice sends m1 to c1; m1 persisted; bob sees m1 in c1'],
    [
      'violated',
      'stored before the first join',
      'alice sends m1 to c1; m1 persisted; bob joins c1; bob sees m1 in c1',
      1,
      'Bob joined #c1 at 3 ms, when m1 had been said and stored. Bob was shown it all the same, at 4 ms.',
    ],
    [
      'violated',
      'said between two memberships',
      'bob joins c1; bob leaves c1; alice sends m1 to c1; m1 persisted; bob joins c1; bob sees m1 in c1',
      1,
    ],
    [
      'violated',
      'of three memberships the first was over before',
      'bob joins c1; bob leaves c1; alice sends m1 to c1; m1 persisted; bob joins c1; bob leaves c1; bob joins c1; bob sees m1 in c1',
      1,
    ],
  ],
  answered: [
    ['holds', 'acknowledged', 'alice sends m1 to c1; m1 acked to alice; end'],
    ['holds', 'refused', 'alice sends m1 to c1; m1 refused to alice; end'],
    [
      'holds',
      'given up: whether it was stored is not known',
      'alice sends m1 to c1; m1 given up by alice; end',
    ],
    [
      'holds',
      'answered before the line that says it was sent',
      'm1 acked to alice; alice sends m1 to c1; end',
    ],
    ['unknown', 'under way', 'alice sends m1 to c1'],
    ['unknown', 'cut short', 'alice sends m1 to c1; cut'],
    ['not at stake', 'nothing is sent', 'bob joins c1; end'],
    [
      'violated',
      'nothing is under way, and it has no answer',
      'alice sends m1 to c1; alice sends m2 to c1; m1 acked to alice; end',
      1,
      'Alice sent m2 to #c1 at 2 ms. At 4 ms nothing is under way any more, and Alice has neither an answer nor given up.',
    ],
    [
      'violated',
      'stored and shown is no answer',
      'bob joins c1; alice sends m1 to c1; m1 persisted; bob sees m1 in c1; end',
      1,
    ],
  ],
};

describe.each(GUARANTEES.map(({ name }) => name))('%s', (name) => {
  const cases = CASES[name]!;

  test.each(cases.map((one) => ({ one, says: `${one[0]}: ${one[1]}` })))('$says', ({ one }) => {
    const [verdict, , events, violations, text] = one;
    const [found] = checkHistory(story(events), [name], LIMIT);
    const isAtStake = verdict !== 'not at stake';
    expect(found).toMatchObject({
      name,
      verdict: isAtStake ? verdict : 'unknown',
      violations: violations ?? 0,
    });
    expect(found!.judged > 0).toBe(isAtStake);
    if (text !== undefined) expect(found!.witness!.text).toBe(text);
    expect(found!.witness === null).toBe(verdict !== 'violated');
    expect(found!.reason === null).toBe(verdict !== 'unknown' && isAtStake);
  });

  test('is not at stake in an empty history', () => {
    expect(checkHistory([], [name], LIMIT)[0]).toMatchObject({
      verdict: 'unknown',
      judged: 0,
      violations: 0,
      witness: null,
      reason: expect.stringMatching(/^not at stake: [a-z]/),
    });
  });

  test('says when it was violated first', () => {
    const broken = cases.find(([verdict]) => verdict === 'violated')!;
    const judge = new HistoryJudge({ ...LIMIT, guarantees: GUARANTEES.filter((one) => one.name === name) });
    const events = story(broken[2]);
    const at = events.findIndex((event) => {
      judge.push(event);
      return judge.verdicts()[0]!.verdict === 'violated';
    });
    expect(judge.verdicts()[0]!.sinceUs).toBe(events[at]!.time * 1000);
  });
});

describe('rate-bound', () => {
  test('is unknown without a limit and a window', () => {
    expect(checkHistory(story('alice accepted'), ['rate-bound'])[0]).toMatchObject({
      verdict: 'unknown',
      judged: 0,
      reason: 'not at stake: the run has no limit by user, or no accepted request',
    });
  });

  test('can leave out a request that is exactly one window old', () => {
    const events = story('@0; alice accepted; @30; alice accepted; @60; alice accepted');
    expect(checkHistory(events, ['rate-bound'], { ...LIMIT, boundary: 'exclusive' })[0]!.verdict).toBe(
      'holds',
    );
    const closer = story('@0; alice accepted; @30; alice accepted; @59; alice accepted');
    expect(checkHistory(closer, ['rate-bound'], { ...LIMIT, boundary: 'exclusive' })[0]).toMatchObject({
      verdict: 'violated',
      witness: { text: expect.stringContaining('one end excluded') },
    });
  });
});

describe('a witness', () => {
  test('has beside its events what explains them', () => {
    const [late] = checkHistory(story('m1 persisted; m1 acked to alice; m1 lost'), ['acked-is-durable']);
    expect(late!.witness!.events.map((e) => e.type)).toEqual(['ack']);
    expect(late!.witness!.context.map((e) => e.type)).toEqual(['persist', 'lost']);
    const [gone] = checkHistory(story('bob joins c1; bob leaves c1; bob sees m1 in c1'), ['authorised-only']);
    expect(gone!.witness!.context).toEqual([{ type: 'leave', user: 'bob', channel: 'c1', time: 2 }]);
  });

  test('of a long ring says how many messages it leaves out of the sentence', () => {
    const ring = Array.from(
      { length: 8 },
      (_, i) => `u${i} sees m${i} in c1; u${i} sees m${(i + 1) % 8} in c1`,
    );
    const [verdict] = checkHistory(story(ring.join(';')), ['per-channel-order']);
    expect(verdict!.witness!.events).toHaveLength(16);
    expect(verdict!.witness!.text).toContain('and so on over 3 more messages round to the first.');
    expect(verdict!.witness!.text).toContain('All 8 are in #c1');
  });
});

test('an event that contradicts an earlier one is refused, with what it contradicts', () => {
  const judged = (text: string) => () => checkHistory(story(text));
  expect(judged('alice sends m1 to c1; bob sends m1 to c1')).toThrow(
    '"m1" is of "alice", by an earlier line',
  );
  expect(judged('alice sends m1 to c1; alice sends m1 to c2')).toThrow('"m1" was in "c1" before');
  expect(judged('bob sees m1 in c2; alice sends m1 to c1')).toThrow('"m1" was in "c2" before');
  expect(judged('alice sends m1 to c1; m1 acked to bob')).toThrow(
    '"m1" is of "alice", and an ack is for the sender',
  );
  expect(judged('m1 refused to bob; alice sends m1 to c1')).toThrow('"m1" is of "bob", by an earlier line');
  expect(judged('m1 acked to bob; m1 refused to alice')).toThrow(
    '"m1" is of "bob", and a refusal is for the sender',
  );
  expect(judged('end; alice sends m1 to c1')).toThrow('"end" is the last event');
  expect(judged('@5; alice online; @3; alice offline')).toThrow('time goes back from 5 to 3');
});

test('a name that is no guarantee is refused with those that are', () => {
  expect(() => checkHistory([], ['no-los'])).toThrow(/no guarantee "no-los"; there are per-sender-fifo, /);
});
