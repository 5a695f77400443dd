import { describe, expect, test } from 'vitest';
import { EVERYTHING, everythingBut, placeOf, problemsOf, TINY } from './texts.ts';

/** [what is written, what is written in its place, where the complaint points to, the one complaint that must come of it]. */
type Slip = readonly [piece: string, by: string, at: string, message: string];

const NAMES: readonly Slip[] = [
  [
    'protocol: websocket',
    'protocol: websockt',
    'websockt',
    '"websockt" is not one of the names here; did you mean websocket?',
  ],
  [
    '  gateway: { count',
    '  gatway: { count',
    'gatway: { count: 2',
    'the key "gatway" is unknown; did you mean gateway?',
  ],
  [
    'gateway: { count: 2',
    'gateway: { Count: 2',
    'Count: 2',
    'the key "Count" is unknown; did you mean count?',
  ],
  [
    'placement: service',
    'placement: servers',
    'servers',
    '"servers" is not one of the names here; did you mean server?',
  ],
  ['crash: database', 'crash: databse', 'databse', 'there is no station "databse"; did you mean database?'],
  [
    'station: ws-server-3',
    'station: ws-server-11',
    'ws-server-11',
    'there is no station "ws-server-11"; there are ws-server-1 to ws-server-10',
  ],
  [
    'block: ws-server-2',
    'block: ws-server',
    'ws-server',
    'there is no station "ws-server"; did you mean ws-server-1?',
  ],
  ['disconnect: alice', 'disconnect: alcie', 'alcie', 'there is no user "alcie"; did you mean alice?'],
  ['user-77]', 'user-77777]', 'user-77777', 'there is no user "user-77777"; there are user-4 to user-10000'],
  [
    'channel: general }',
    'channel: genral }',
    'genral',
    'there is no channel "genral"; did you mean general?',
  ],
  [
    'message: alice/1, is: delivered',
    'message: alicia/1, is: delivered',
    'alicia/1',
    'there is no user "alicia"; did you mean alice?',
  ],
  ['message: alice/1 }', 'message: alice }', 'alice', '"alice" is no name; write SENDER/N, as in alice/1'],
  [
    'metric: connections',
    'metric: conections',
    'conections',
    '"conections" is not one of the names here; did you mean connections?',
  ],
  [
    'acked-is-durable, is: violated }\n    say',
    'aked-is-durable, is: violated }\n    say',
    'aked-is-durable',
    '"aked-is-durable" is not one of the names here; did you mean acked-is-durable?',
  ],
  [
    'world: persist first',
    'world: persistfirst',
    'persistfirst',
    'there is no world "persistfirst"; did you mean persist first?',
  ],
  [
    'to: alice } }',
    'to: carol } }',
    'carol',
    'no named channel has just the sender and carol; name a channel, or add one under workload.channels.named',
  ],
  [
    'general: [alice, bob, carol]',
    'general: [alice, bob, carole]',
    'carole',
    'there is no user "carole"; did you mean carol?',
  ],
];

const VALUES: readonly Slip[] = [
  ['timeout: 3s', 'timeout: 3', '3', '3 has no unit; write 3ms or 3s'],
  ['timeout: 3s', 'timeout: 3sec', '3sec', '"3sec" is no duration; write 3s'],
  ['timeout: 3s', 'timeout: -3s', '-3s', '"-3s" is no duration; a duration is never negative'],
  ['timeout: 3s', 'timeout: .inf', '.inf', 'Infinity is not a finite number; write one'],
  ['timeout: 3s', 'timeout: 0s', '0s', '"0s" is too short; at least 1us'],
  ['duration: 5m', 'duration: 301d', '301d', '"301d" is too long; at most 25,920,000s'],
  ['duration: 5m', 'duration: 0s', '0s', '"0s" is too short; at least 1us'],
  [
    'seed: 7',
    'seed: 1.5',
    '1.5',
    '1.5 is not a whole number; write a whole number from 0 to 4,294,967,295, such as 2',
  ],
  ['seed: 7', 'seed: -1', '-1', '-1 is too small; at least 0'],
  ['count: 10k, names', 'count: 1e12, names', '1e12', '1000000000000 is too large; at most 5,000,000'],
  [
    'servers: { count: 10,',
    'servers: { count: 1k1,',
    '1k1',
    '"1k1" is no count; write a whole number from 1 to 1,000, such as 2',
  ],
  ['online: 90%', 'online: 90', '90', '90 is not between 0 and 1; did you mean 90%?'],
  [
    'online: 90%',
    'online: 101%',
    '101%',
    '"101%" is not between 0 and 1; write one from 0 to 1, or from 0% to 100%',
  ],
  ['hardBytes: 32MiB', 'hardBytes: 1mb', '1mb', '"1mb" is no number of bytes; write 200, 64KiB or 32MiB'],
  ['resume: false', 'resume: no', 'no', '"no" is neither true nor false; write false'],
  [
    '[validate, ack, persist, publish]\n',
    'validate\n',
    'validate',
    '"validate" stands where a list is expected; write [a, b]',
  ],
  ['message: { bytes: 200 }', 'message: 200', '200', '200 stands where a map is expected; write keys: bytes'],
  ['title: Everything at once', 'title: [a]', '[a', 'a list is no text; put it in quotes'],
  [
    'scenario: everything',
    'scenario: Every Thing',
    'Every Thing',
    '"Every Thing" is no name; write lower-case words joined by -, as in server-crash',
  ],
  [
    'size: { min: 3, max: 32 }',
    'size: { least: 3 }',
    '{ least: 3',
    'a map fits none of the forms here; write 20, { min: 3, max: 32 } or { zipf: { exponent: 1.2, max: 5000 } }',
  ],
  [
    'deliveries, equals: 12 }',
    'deliveries }',
    '{ metric: deliveries',
    'the metric has no bound; write one of below, above, equals or between',
  ],
  [
    'deliveries, equals: 12 }',
    'deliveries, equals: 12, above: 3 }',
    '{ metric: deliveries',
    'the metric has 2 bounds; write one of below, above, equals or between',
  ],
  ['between: [1, 250]', 'between: [250, 1]', '[250', 'the range from 250 to 1 is empty; swap its ends'],
];

const MEANING: readonly Slip[] = [
  [
    '{ median: 2ms, p99: 15ms }',
    '{ median: 20ms, p99: 15ms }',
    '15ms',
    'p99 is not longer than the median; make it longer, or write one duration',
  ],
  [
    'flow: [validate, ack, persist, publish]',
    'flow: [ack, persist, ack, publish]',
    'ack',
    'ack is there twice; name each step once',
  ],
  [
    'flow: [validate, ack, persist, publish]',
    'flow: [validate, ack, persist]',
    '[validate',
    'publish is missing, so nobody would get a message; add publish',
  ],
  [
    'softBytes: 8MiB',
    'softBytes: 64MiB',
    '64MiB',
    'the soft limit of 67108864 bytes is above the hard one of 33554432; make it at most as large',
  ],
  [
    'base: 1s, cap: 10s',
    'base: 10s, cap: 1s',
    '1s',
    'the cap is shorter than the base; make it at least as long',
  ],
  ['share: 0.4', 'share: 0.3', '- { name: wired', 'the shares add up to 90%; make them 100%'],
  [
    'size: 40',
    'size: 40k',
    '40k',
    'a group of 40,000 cannot be made of 10,000 users; make it at most 10,000',
  ],
  [
    'private: 5k',
    'private: 5k\n    membershipsPerUser: 3',
    '3',
    'membershipsPerUser goes with one kind of group; give each kind its count instead',
  ],
  [
    'count: 100, size',
    'count: 9M, size',
    'named: { general: [alice',
    'there would be about 510,863,806 memberships; at most 60,000,000',
  ],
  [
    'names: [alice, bob, carol] }\n  ch',
    'names: [alice, bob, database, carol] }\n  ch',
    '{ count: 10k',
    'database is the name of stations or of all clients; take another name',
  ],
  [
    'names: [alice, bob, carol] }\n  ch',
    'names: [alice, bob, carol, user-3] }\n  ch',
    '{ count: 10k',
    'user-3 is what a user without a name is called; take another name',
  ],
  ['pair: [alice, bob]', 'pair: [alice, alice]', 'alice', 'alice is a member twice; name each user once'],
  ['everyone: town-hall', 'everyone: pair', 'pair', 'there are two channels called pair; rename one'],
  ['at: 20s', 'at: 20m', '20m', 'the run is over by then; make duration longer or the time earlier'],
  [
    'times: 10, every: 10ms',
    'times: 100k, every: 10ms',
    '{ from: alice',
    'the last of these messages comes after the run is over; send fewer, or more quickly',
  ],
  [
    'at: 24s, disc',
    'at: 24s, after: 1s, disc',
    'after: 1s',
    'the step has a time already (at); write either at or after',
  ],
  [
    'factor: 10, for: 5s',
    'for: 5s',
    '{ when: { metric: connection',
    'the key factor is missing; say how many times slower, as in factor: 10',
  ],
  [
    'block: ws-server-2, for: 50ms',
    'block: ws-server-2',
    '{ at: 20s',
    'the key for is missing; say how long the event loop is blocked, as in for: 50ms',
  ],
  [
    'connect: [alice, user-77] }',
    'connect: [alice, user-77], for: 3s }',
    'for: 3s',
    'for does not go with connect; it goes with crash, failover, slow, block, cut, link or disconnect',
  ],
  [
    'say: Welcome.',
    'say: Welcome.\n    pause: true',
    'pause: true',
    'the step does say already; make pause a step of its own',
  ],
  [
    'say: Welcome.',
    'after: 1s',
    'after: 1s',
    'the step does nothing; give it one of say, ask, crash, failover, restart, slow, block, cut, link, heal, send, disconnect, connect, join, leave, choose, watch, pause, set, expect',
  ],
  [
    'loss: 1%, duplicate: 0.02, reorder: 0.1, delay: 20ms',
    'loss: 0',
    '{ from: [alice',
    'the link is not bad in any way; give it loss, duplicate, reorder, delay or cut, or write heal',
  ],
  [
    'answer: ack and persist',
    'answer: 4',
    '4',
    'there is no choice 4; write a number from 1 to 3, or one of the choices word for word',
  ],
  [
    'answer: ack and persist',
    'answer: 0',
    '0',
    'there is no choice 0; write a number from 1 to 3, or one of the choices word for word',
  ],
  [
    'answer: ack and persist',
    'answer: publish',
    'publish',
    'there is no choice "publish"; write a number from 1 to 3, or one of the choices word for word',
  ],
  [
    'from: clients, to: gateway',
    'from: gateway-1, to: gateway-1',
    'gateway-1',
    'both ends are the same; name two different ones',
  ],
  [
    'design.message.bytes: 64KiB }',
    'design.servers.count: 3 }',
    'design.servers.count: 3',
    'design.servers.count cannot change while the system runs; make a world of it under compare',
  ],
  [
    'design.message.bytes: 64KiB }',
    'design.message.size: 3 }',
    'design.message.size: 3',
    'the key "size" is unknown; use bytes',
  ],
  [
    'design.message.bytes: 64KiB }',
    'design.retry.cap: 1ms }',
    '1ms',
    'the cap is shorter than the base; make it at least as long',
  ],
  [
    'workload.users: {',
    'seed: 3, workload.users: {',
    'seed: 3',
    'seed is the same in all worlds; worlds differ in settings of design and workload only',
  ],
];

describe('a slip', () => {
  test.each([...NAMES, ...VALUES, ...MEANING])('%j written as %j points to %j', (piece, by, at, message) => {
    const text = everythingBut(piece, by);
    const offset = by.includes(at) ? text.indexOf(by) + by.lastIndexOf(at) : text.indexOf(at);
    expect(problemsOf(text)).toEqual([`${placeOf(text, offset)}: ${message}`]);
  });

  test('is reported together with all others, of form and of meaning, in the order of the text', () => {
    const text = EVERYTHING.replace('seed: 7', 'seed: -7')
      .replace('crash: database', 'crash: databse')
      .replace('at: 20s', 'at: 20')
      .replace('answer: ack and persist', 'answer: 9')
      .replace('metric: deliveries', 'metric: delivrys');
    const wrong = ['-7', 'databse', '20, block', '9\n    explain', 'delivrys'];
    expect(problemsOf(text).map((line) => line.split(': ')[0])).toEqual(
      wrong.map((at) => placeOf(text, text.indexOf(at))),
    );
  });

  test('in a form with several keys tells the missing key and the unknown one', () => {
    expect(problemsOf(everythingBut('{ median: 2ms, p99: 15ms }', '{ median: 2ms, p9: 15ms }'))).toEqual([
      expect.stringMatching(/^x\.yaml:25:40: the key p99 is missing; write one such as 250us/),
      expect.stringMatching(/^x\.yaml:25:62: the key "p9" is unknown; did you mean p99\?$/),
    ]);
  });

  test('made thirty times is reported twenty times, with the number of those left out', () => {
    const lines = problemsOf(`${TINY}script: [${Array.from({ length: 30 }, () => '{ say: 1 }').join(', ')}]`);
    expect(lines).toHaveLength(21);
    expect(lines[20]).toMatch(
      /^x\.yaml:6:\d+: 10 more problems from here on are left out; mend those above first$/,
    );
  });
});

describe('what is missing', () => {
  test.each([
    ['', 'x.yaml:1:1: the scenario is empty; begin with `scenario: NAME` and `title: TITLE`'],
    ['# nothing', 'x.yaml:1:1: the scenario is empty; begin with `scenario: NAME` and `title: TITLE`'],
    ['scenario: a', 'x.yaml:1:1: the key title is missing; add it'],
    [
      'title: a',
      'x.yaml:1:1: the key scenario is missing; write lower-case words joined by -, as in server-crash',
    ],
    [
      'a',
      'x.yaml:1:1: "a" stands where a map is expected; write keys: scenario, title, summary, teaches, seed, duration, design, workload, ...',
    ],
    [
      `${TINY}expect: [{ guarantee: no-loss }]`,
      'x.yaml:6:10: the key is is missing; use holds, violated or unknown',
    ],
    [
      `${TINY}design:`,
      'x.yaml:6:8: nothing stands where a map is expected; write keys: protocol, gateway, servers, pubsub, service, database, flow, rateLimit, ...',
    ],
  ])('in %j is said', (text, line) => {
    expect(problemsOf(text)).toEqual([line]);
  });
});
