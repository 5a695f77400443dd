import { describe, expect, it } from 'vitest';
import { fanOut } from '../../../src/diagrams/fan-out.ts';
import { DEFAULT_DESIGN } from '../../../src/system/design/defaults.ts';
import type { Design, PubsubKind } from '../../../src/system/design/design.ts';
import { type FlowModel, flowModel } from './mermaid-model.ts';

const DESIGN = DEFAULT_DESIGN;
const withPubsub = (kind: PubsubKind, shards = 4): Design => ({
  ...DESIGN,
  pubsub: { ...DESIGN.pubsub, kind, shards },
});

const named = (model: FlowModel, start: string): string => {
  const found = [
    ...model.vertices.map((v) => [v.id, v.label]),
    ...model.groups.map((g) => [g.id, g.title]),
  ].find((x) => x[1]!.startsWith(start));
  if (found === undefined) throw new Error(`no box or group begins with ${start}`);
  return found[0]!;
};
const labels = (model: FlowModel): string[] =>
  model.vertices.map((v) => v.label).filter((text) => text !== '');
const edgesBetween = (model: FlowModel, from: string, to: string) =>
  model.edges.filter((e) => e.from === named(model, from) && e.to === named(model, to));

describe('fan-out diagram', () => {
  it('has the components of the lab, and a message that is published once is notified to each server', async () => {
    const model = await flowModel(fanOut(DESIGN, { users: 1_000_000 }));
    expect(model.groups.map((g) => g.title).sort()).toEqual([
      '100 WebSocket servers, up to 200 k connections each',
      'Client applications (web, mobile), 1,000,000 users',
      'Redis Pub/Sub, 4 shards: a channel lives on one of them',
    ]);
    expect(labels(model)).toEqual([
      'wired<br/>50 % of the clients',
      '4g<br/>40 % of the clients',
      '3g<br/>10 % of the clients',
      'API gateway / load balancer<br/>4 instances, least-connections<br/>2 k accepts/s each<br/>rate limit 120 in 60 s, sliding-window-log',
      'pubsub-1<br/>shard 1',
      'pubsub-2<br/>shard 2',
      'pubsub-3<br/>shard 3',
      'pubsub-4<br/>shard 4',
      'ws-server-1<br/>connections in memory',
      'ws-server-2<br/>connections in memory',
      'ws-server-3<br/>connections in memory',
      '97 more servers<br/>4 to 100',
      'Chat service<br/>validate, persist, publish, ack<br/>64 workers',
      'Database<br/>message history, users, channels',
    ]);
    const id = (start: string): string => named(model, start);
    const servers = ['ws-server-1', 'ws-server-2', 'ws-server-3', '97 more'].map(id);
    const notified = model.edges.filter((e) => e.from === id('Redis'));
    expect(notified.map((e) => [e.to, e.stroke])).toEqual(servers.map((s) => [s, 'thick']));
    expect(notified.map((e) => e.label)).toEqual(['', 'notify (fan-out)', '', '']);
    expect(model.edges.filter((e) => e.to === id('Redis')).map((e) => [e.from, e.label, e.stroke])).toEqual([
      [id('100 WebSocket'), 'subscribe', 'dotted'],
      [id('Chat service'), 'publish once', 'normal'],
    ]);
    expect(edgesBetween(model, 'Chat service', 'Database').map((e) => e.label)).toEqual(['store, retrieve']);
    expect(edgesBetween(model, '100 WebSocket', 'Chat service').map((e) => e.label)).toEqual(['submit']);
    expect(model.edges).toHaveLength(10);
  });

  it('measured rates stand on the arrows', async () => {
    const model = await flowModel(fanOut(DESIGN, { ratesPerSecond: { publish: 16_667, notify: 301_234 } }));
    expect(model.edges.map((e) => e.label)).toEqual(
      expect.arrayContaining(['publish once<br/>16.7 k/s', 'notify (fan-out)<br/>301 k/s', 'submit']),
    );
  });

  it('without pub/sub every server has a link to every other one', async () => {
    const model = await flowModel(fanOut(withPubsub('none')));
    const servers = ['ws-server-1', 'ws-server-2', 'ws-server-3', '97 more'].map((s) => named(model, s));
    const mesh = model.edges.filter((e) => servers.includes(e.from) && servers.includes(e.to));
    expect(new Set(mesh.map((e) => [e.from, e.to].sort().join(' '))).size).toBe((4 * 3) / 2);
    expect(mesh[0]!.label).toBe('calls each<br/>of the 99 others');
    expect(model.groups.map((g) => g.title).join()).not.toMatch(/Redis|Kafka/);
  });

  it('each pub/sub has its name and its parts', async () => {
    const cluster = await flowModel(fanOut(withPubsub('redis-cluster', 6)));
    expect(named(cluster, 'Redis Cluster, classic Pub/Sub, 6 nodes: each gets every message')).toBeTruthy();
    expect(labels(cluster)).toContain('3 more nodes');
    const kafka = await flowModel(fanOut(withPubsub('kafka', 12)));
    expect(named(kafka, 'Kafka, 12 partitions: a channel lives in one of them')).toBeTruthy();
    expect(kafka.edges.map((e) => e.label)).toContain('poll every 5 ms');
    const one = await flowModel(fanOut(withPubsub('redis', 1)));
    expect(one.groups.map((g) => g.title)).toContain('Redis Pub/Sub');
  });

  it('a limiter, a session store and a user service are drawn where the design has them', async () => {
    const without = await flowModel(fanOut({ ...DESIGN, rateLimit: null }));
    expect(labels(without).join()).not.toMatch(/Rate limiter|rate limit|Session store|User service|Presence/);
    const design: Design = {
      ...DESIGN,
      servers: { ...DESIGN.servers, state: 'external', count: 4 },
      rateLimit: { ...DESIGN.rateLimit!, placement: 'service' },
      presence: { strategy: 'subscribe' },
    };
    const model = await flowModel(fanOut(design));
    expect(edgesBetween(model, '4 WebSocket', 'Rate limiter').map((e) => e.label)).toEqual([
      'within the limit?',
    ]);
    expect(edgesBetween(model, '4 WebSocket', 'Session store').map((e) => e.label)).toEqual(['look up']);
    expect(edgesBetween(model, '4 WebSocket', 'User service').map((e) => e.label)).toEqual(['who is online']);
    expect(edgesBetween(model, 'User service', 'Presence cache')).toHaveLength(1);
    expect(labels(model).filter((l) => l.startsWith('ws-server'))).toHaveLength(4);
  });

  it('stays within what Mermaid renders however large the design', async () => {
    const design: Design = {
      ...withPubsub('kafka', 10_000),
      servers: { ...DESIGN.servers, count: 100_000 },
      network: {
        ...DESIGN.network,
        clients: Array.from({ length: 50 }, (_, i) => ({
          ...DESIGN.network.clients[0]!,
          name: `class "${i}" #;`,
          share: 0.02,
        })),
      },
    };
    const model = await flowModel(fanOut(design));
    expect(model.edges.length).toBeLessThan(50);
    expect(labels(model)).toContain('47 more classes<br/>94 % of the clients');
    expect(labels(model)).toContain('class "0" #;<br/>2 % of the clients');
    expect(labels(model)).toContain('99,997 more servers<br/>4 to 100,000');
  });
});
