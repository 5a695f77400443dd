import { describe, expect, test } from 'vitest';
import { parseScenario } from '../../../src/scenario/parse.ts';
import {
  channelByName,
  channelName,
  channelNumbers,
  namesOf,
  userByName,
  userName,
} from '../../../src/system/design/names.ts';
import { nodeByName, nodesByName, stationList, stationNumbers } from '../../../src/system/design/stations.ts';
import { USER_NODE } from '../../../src/trace/trace.ts';
import { EVERYTHING, everythingBut } from './texts.ts';

const { design, workload } = parseScenario(EVERYTHING, 'x.yaml');
const stations = stationList(design);

describe('stations', () => {
  test('are numbered gateways, servers, shards, chat service, database, limiter', () => {
    expect(stations.map((station) => station.name)).toEqual([
      'gateway-1',
      'gateway-2',
      ...Array.from({ length: 10 }, (_, i) => `ws-server-${i + 1}`),
      'pubsub-1',
      'pubsub-2',
      'pubsub-3',
      'pubsub-4',
      'chat-service',
      'database',
      'limiter',
    ]);
    expect(stations.every((station, i) => station.node === i)).toBe(true);
  });

  test('are numbered in the list as the simulation numbers them', () => {
    const of = stationNumbers(design);
    expect(stations[of.firstServer]?.name).toBe('ws-server-1');
    expect(stations[of.firstShard]?.name).toBe('pubsub-1');
    expect(stations[of.chatService]?.name).toBe('chat-service');
    expect(stations[of.database]?.name).toBe('database');
    expect(stations[of.limiter]?.name).toBe('limiter');
    expect(of.count).toBe(stations.length);
  });

  test('are not there when the design has none: no limiter at the gateway, no shards without pub/sub', () => {
    const without = parseScenario(
      EVERYTHING.replace(', restart: [ws-server-3, pubsub-1]', ', restart: ws-server-3').replace(
        'to: pubsub }',
        'to: database }',
      ),
      'x.yaml',
      [
        { kind: 'set', path: 'design.rateLimit.placement', value: 'gateway' },
        { kind: 'set', path: 'design.pubsub.kind', value: 'none' },
      ],
    );
    expect(stationNumbers(without.design)).toMatchObject({ shards: 0, limiter: -1, count: 14 });
    expect(stationList(without.design).map((station) => station.kind)).not.toContain('pubsub');
  });

  test('are meant one by one or all of a kind', () => {
    expect(nodeByName(stations, 'ws-server-3')).toBe(4);
    expect(nodeByName(stations, 'ws-servers')).toBeNull();
    expect(nodesByName(stations, 'ws-servers')).toHaveLength(10);
    expect(nodesByName(stations, 'gateway')).toEqual([0, 1]);
    expect(nodesByName(stations, 'constructor')).toEqual([]);
  });
});

describe('channels and users', () => {
  test('are numbered named first, then everyone, then private ones, then groups', () => {
    expect(channelNumbers(workload)).toEqual({
      named: 2,
      everyone: 2,
      firstPrivate: 3,
      firstGroup: 5003,
      count: 5163,
    });
    expect(
      ['general', '#pair', 'town-hall', 'private-1', 'private-5000', 'group-1', 'group-160'].map((name) =>
        channelByName(workload, name),
      ),
    ).toEqual([0, 1, 2, 3, 5002, 5003, 5162]);
  });

  test('have names that lead back to their numbers', () => {
    for (const channel of [0, 1, 2, 3, 4000, 5002, 5003, 5162]) {
      expect(channelByName(workload, channelName(workload, channel))).toBe(channel);
    }
    for (const user of [0, 2, 3, 9999]) expect(userByName(workload, userName(workload, user))).toBe(user);
  });

  test('that do not exist have no number', () => {
    expect(
      ['private-0', 'private-5001', 'private-01', 'group-161', 'nobody', '__proto__'].map((name) =>
        channelByName(workload, name),
      ),
    ).toEqual(Array(6).fill(null));
    // The first three users have names, so they are not called user-1 to user-3.
    expect(
      ['user-0', 'user-1', 'user-3', 'user-10001', 'dave'].map((name) => userByName(workload, name)),
    ).toEqual(Array(5).fill(null));
  });

  test('are called in traces and pictures as the script calls them', () => {
    const names = namesOf(design, workload);
    expect([names.node(4), names.node(USER_NODE), names.node(USER_NODE + 9)]).toEqual([
      'ws-server-3',
      'alice',
      'user-10',
    ]);
    expect([names.channel(0), names.message(1, 7)]).toEqual(['#general', 'bob/7']);
  });

  test('may have letters of any language', () => {
    const text = everythingBut('names: [alice, bob, carol] }\n', 'names: [alice, bob, carol, Zoë, 王芳] }\n');
    expect(parseScenario(text, 'x.yaml').workload.userNames[4]).toBe('王芳');
  });
});
