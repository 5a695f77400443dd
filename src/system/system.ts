import pow from '@stdlib/math-base-special-pow';
import type { BalancerPlan } from '../algorithms/balancing/balancer.ts';
import { planBalancer } from '../algorithms/balancing/registry.ts';
import { type ColumnGroup, columns, f64, type Opened, u32 } from '../base/columns.ts';
import { CAPACITY_SETTINGS, UserError } from '../base/errors.ts';
import type { Choices } from '../kernel/choices.ts';
import { createZipf } from '../kernel/distributions.ts';
import { eventListColumns, openEventList } from '../kernel/event-list.ts';
import { createWorld, MAX_WORLD_BYTES, openColumns, type World, worldBytes } from '../kernel/world.ts';
import { createChurn } from './client/churn.ts';
import { createConnections } from './client/connections.ts';
import { createReceiving } from './client/receiving.ts';
import { openReorderBuffer, reorderColumns, reorderPoolColumns } from './client/reorder-buffer.ts';
import type { Context } from './context.ts';
import { type Design, rateLimitsOf, serviceLimits, type Workload } from './design/design.ts';
import { protocolBytes } from './design/protocol-bytes.ts';
import { checkRoom, memoryInWords } from './design/room.ts';
import { type ScriptLoad, type Sizes, sizesOf } from './design/sizes.ts';
import { stationSpecs } from './design/station-specs.ts';
import { stationNumbers } from './design/stations.ts';
import {
  channelSizes,
  fillTopology,
  type LaterMember,
  membersOfChannels,
  slotOf,
  topologyColumns,
} from './design/topology.ts';
import { createBegin, type Handlers } from './dispatch.ts';
import { createDraws } from './draws.ts';
import { brokerColumns } from './fanout/broker-state.ts';
import { createDeliveryPath, type DeliveryPath } from './fanout/delivery.ts';
import { CHUNK_WORDS } from './fanout/fan-out.ts';
import { createKafka } from './fanout/kafka.ts';
import { createMesh, createRedis } from './fanout/publishers.ts';
import { createFaults } from './faults/faults.ts';
import { linkColumns, openLinks } from './faults/links.ts';
import { openPassages, passageColumns } from './faults/passages.ts';
import { EVENT } from './kinds.ts';
import { limiterCallColumns } from './limits/limiter-calls.ts';
import { limitGroups, openLimits, planLimits } from './limits/limits.ts';
import { PURPOSE } from './purposes.ts';
import { botGroups, drawBots, openBots } from './sending/bots.ts';
import { createMessagePath, publishNode } from './sending/message-path.ts';
import { createSending } from './sending/sending.ts';
import { createAnswers } from './state/answers.ts';
import { createBackPressure } from './state/back-pressure.ts';
import { createCopyMoves } from './state/copies.ts';
import { counterColumns } from './state/counters.ts';
import { histogramColumns } from './state/histogram.ts';
import { historyColumns, openHistory } from './state/history.ts';
import { createIntervals, INTERVAL_US } from './state/intervals.ts';
import { planMechanisms } from './state/mechanisms.ts';
import { copyColumns, outgoingColumns } from './state/messages.ts';
import { openPairMap, pairMapColumns } from './state/pair-map.ts';
import { openPool, poolColumns } from './state/pool.ts';
import { openStations } from './state/station.ts';
import { stationColumns } from './state/station-columns.ts';
import { openStreams, streamColumns } from './state/streams.ts';
import { CONNECTION } from './state/tables.ts';
import { CLASS_SHIFT, NO_SERVER, withServer, withState } from './state/user-word.ts';
import { membershipColumns, NOT_A_MEMBER, OWN, userColumns } from './state/users.ts';
import { createWatching } from './watching.ts';

/** What a system is made from. */
export interface SystemSpec {
  readonly design: Design;
  readonly workload: Workload;
  readonly choices: Choices;
  readonly durationUs: number;
  readonly later: readonly LaterMember[];
  readonly script: ScriptLoad;
  /** Rows that the trace keeps at most. */
  readonly maxTraceRows: number;
  /** Bytes that the world may take; absent: as many as a world can have. */
  readonly mostBytes?: number;
  /** A world of more bytes is not built (LargeWorldError): it must be confirmed. */
  readonly askAboveBytes?: number;
}

export interface System {
  readonly spec: SystemSpec;
  readonly context: Context;
  readonly sizes: Sizes;
  readonly handlers: Handlers;
}

function groupsOf(spec: SystemSpec, channelCount: number, slots: number, sizes: Sizes) {
  const { design, workload } = spec;
  const nodes = stationNumbers(design);
  return {
    topology: topologyColumns({ users: workload.users, channels: channelCount, slots }),
    events: eventListColumns({ maxPending: sizes.pending, timers: sizes.outgoing }),
    stations: stationColumns(stationSpecs(design, spec.script), sizes.jobs),
    links: linkColumns(nodes.count),
    passages: passageColumns(),
    streams: streamColumns(nodes.count),
    users: userColumns(workload.users),
    memberships: membershipColumns(slots, design.ordering !== 'per-channel'),
    outgoing: outgoingColumns(sizes.outgoing),
    outgoingPool: poolColumns('outgoingPool', sizes.outgoing),
    copies: copyColumns(sizes.copies, nodes.sequencers > 0),
    copyPool: poolColumns('copyPool', sizes.copies),
    slices: columns('slices', { words: u32(sizes.slices * CHUNK_WORDS) }),
    slicePool: poolColumns('slicePool', sizes.slices),
    reorder: reorderColumns(sizes.reorder),
    reorderPool: reorderPoolColumns(sizes.reorder),
    history: historyColumns(sizes.history),
    historyIndex: pairMapColumns('historyIndex', sizes.history),
    idempotency: pairMapColumns('idempotency', design.delivery === 'effectively-once' ? sizes.history : 0),
    limiterServer: columns('limiterServer', {
      // [user] the connection whose counter a server has, where servers count the requests of users.
      node: u32(
        rateLimitsOf(design).some(({ placement, by }) => placement === 'server' && by === 'user')
          ? workload.users
          : 1,
      ),
    }),
    acceptors: columns('acceptors', { freeUs: f64(nodes.gateways) }),
    broker: brokerColumns(nodes.servers, nodes.shards, {
      isKafka: design.pubsub.kind === 'kafka',
      logRecords: sizes.kafkaLogRecords,
    }),
    counters: counterColumns,
    latency: histogramColumns('latency'),
    latencyNow: histogramColumns('latencyNow'),
    ackLatency: histogramColumns('ackLatency'),
    reconnect: histogramColumns('reconnect'),
  };
}

type Groups = ReturnType<typeof groupsOf>;
type OpenedGroups = {
  readonly [K in keyof Groups]: Groups[K] extends ColumnGroup<infer C> ? Opened<C> : never;
};

function openAll(world: World, groups: Groups): OpenedGroups {
  const opened: Record<string, unknown> = {};
  for (const [name, group] of Object.entries<ColumnGroup>(groups)) opened[name] = openColumns(world, group);
  return opened as OpenedGroups;
}

/**
 * Builds a system in a new world: lays out the columns, draws who is in which channel, connects those who are online, and schedules the first
 * events. `progress` is told what is being built. Throws UserError when the world is too large, before any of its memory is taken.
 */
export function createSystem(
  spec: SystemSpec,
  progress: (what: string, share: number) => void = () => {},
): System {
  const { design, workload, choices } = spec;
  progress('channels', 0);
  const draws = {
    zipf: (size: { exponent: number; min: number; max: number }) =>
      createZipf(size.exponent, size.min, size.max),
    pow,
  };
  const members = channelSizes(workload, spec.later, choices, draws);
  let slots = 0;
  let largestChannel = 0;
  let squares = 0;
  for (const size of members) {
    slots += size;
    squares += size * size;
    if (size > largestChannel) largestChannel = size;
  }
  const load = { ...spec.script, largestChannel, meanChannel: slots === 0 ? 0 : squares / slots };
  const layOut = (durationUs: number) => {
    const sizes = sizesOf(design, workload, durationUs, load);
    const groups = groupsOf(spec, members.length, slots, sizes);
    const plans = plansOf(spec, load, sizes, () => members);
    return { sizes, groups, plans, all: [...Object.values(groups), ...plans.groups] };
  };
  const { sizes, groups, plans, all } = layOut(spec.durationUs);
  const bytes = worldBytes(all);
  checkRoom(bytes, {
    durationUs: spec.durationUs,
    users: workload.users,
    ...(spec.askAboveBytes === undefined ? {} : { askAboveBytes: spec.askAboveBytes }),
    mostBytes: Math.min(spec.mostBytes ?? MAX_WORLD_BYTES, MAX_WORLD_BYTES),
    bytesFor: (durationUs) => worldBytes(layOut(durationUs).all),
  });
  progress(memoryInWords(bytes), 0.1);
  const world = createWorld(all);
  const system = assemble(spec, world, groups, plans, sizes, null);
  progress('members', 0.2);
  fillTopology(
    system.context.topology,
    workload,
    members,
    spec.later,
    choices,
    system.context.memberships.entry,
  );
  progress('connections', 0.6);
  start(system);
  progress('ready', 1);
  return system;
}

/**
 * The same world under a changed design: what a `set` in the script does. Throws UserError when the change needs other columns
 * (another limiter, another number of servers): such a change needs a new run.
 */
export function reopenSystem(of: System, design: Design): System {
  const spec = { ...of.spec, design };
  const { topology } = of.context;
  const channelCount = topology.channel.length / 4;
  const groups = groupsOf(spec, channelCount, topology.slots.length, of.sizes);
  const plans = plansOf(spec, spec.script, of.sizes, () => membersOfChannels(topology));
  const all = [...Object.values(groups), ...plans.groups];
  for (const group of all) {
    for (const [name, column] of Object.entries(group.columns)) {
      const place = of.context.world.places.get(`${group.name}.${name}`);
      if (place === undefined || place.column.length !== column.length || place.column.type !== column.type) {
        throw new UserError(
          `this setting changes the size of "${group.name}"; set it in the scenario's design or compare two worlds`,
        );
      }
    }
  }
  return assemble(spec, of.context.world, groups, plans, of.sizes, of.context);
}

function plansOf(spec: SystemSpec, script: ScriptLoad, sizes: Sizes, membersOf: () => Uint32Array) {
  const { design, workload } = spec;
  const balancer: BalancerPlan = planBalancer(design.gateway.balancing, {
    servers: design.servers.count,
    maxConnections: design.servers.maxConnections,
  });
  const limits = planLimits(design, workload, sizes);
  const calls = serviceLimits(design).length > 0 ? limiterCallColumns(sizes.copies) : null;
  const bots = workload.bots === null ? null : botGroups(workload.users);
  const mechanisms = planMechanisms(design, workload, sizes, script, membersOf);
  // What a scenario does not use takes no column.
  const groups: readonly ColumnGroup[] = [
    balancer.group,
    ...limitGroups(limits),
    ...(calls === null ? [] : [calls]),
    ...(bots ?? []),
    ...mechanisms.groups,
  ];
  return { balancer, limits, calls, bots, mechanisms, groups };
}

function assemble(
  spec: SystemSpec,
  world: World,
  groups: Groups,
  plans: ReturnType<typeof plansOf>,
  sizes: Sizes,
  before: Context | null,
): System {
  const { design, workload, choices } = spec;
  const nodes = stationNumbers(design);
  const opened = openAll(world, groups);
  const copies = opened.copies;
  const passages = openPassages(opened.passages);
  const events = before?.events ?? openEventList(world, groups.events);
  const copyPool = openPool(opened.copyPool, 'copies', CAPACITY_SETTINGS.underWay);
  const slicePool = openPool(opened.slicePool, 'slices', CAPACITY_SETTINGS.underWay);
  const mechanisms = plans.mechanisms.open(
    { world, topology: opened.topology, entry: opened.memberships.entry, events, choices },
    before === null,
  );
  const context: Context = {
    design,
    workload,
    nodes,
    world,
    choices,
    // These keep state of their own beside the columns, so a changed design goes on with the same ones.
    events,
    stations: openStations(opened.stations, stationSpecs(design, spec.script), events, before === null),
    links: openLinks(opened.links, nodes.count, choices, passages),
    passages,
    streams: openStreams(opened.streams.lastUs, nodes, design),
    topology: opened.topology,
    users: opened.users,
    memberships: opened.memberships,
    outgoing: opened.outgoing,
    outgoingPool: openPool(opened.outgoingPool, 'outgoing', CAPACITY_SETTINGS.underWay),
    copies,
    copyPool,
    backPressure: createBackPressure(design, sizes, events, copyPool, slicePool),
    slices: opened.slices.words,
    slicePool,
    reorder: openReorderBuffer(opened.reorder, opened.reorderPool),
    history: openHistory(
      opened.history,
      openPairMap(opened.historyIndex, 'history', CAPACITY_SETTINGS.everSent),
    ),
    idempotency:
      design.delivery === 'effectively-once'
        ? openPairMap(opened.idempotency, 'idempotency', CAPACITY_SETTINGS.everSent)
        : null,
    limits: openLimits(world, plans.limits, design, workload, copies, opened.limiterServer.node),
    limiterCalls: plans.calls === null ? null : openColumns(world, plans.calls),
    bots: openBots(world, plans.bots),
    balancer: plans.balancer.open((group) => openColumns(world, group)),
    acceptFreeUs: opened.acceptors.freeUs,
    brokerState: opened.broker,
    values: opened.counters.values,
    gauges: opened.counters.gauges,
    counters: opened.counters,
    latency: opened.latency,
    latencyNow: opened.latencyNow,
    ackLatency: opened.ackLatency,
    reconnect: opened.reconnect,
    watching: before?.watching ?? createWatching(copies, opened.topology, workload.users, spec.maxTraceRows),
    draw: createDraws(design, choices),
    wire: protocolBytes(design.protocol),
    mechanisms,
  };

  for (let server = nodes.firstServer; server < nodes.firstServer + nodes.servers; server++)
    context.stations.setWakeUp(server, design.servers.wakeUpUs);

  const moves = createCopyMoves(context);
  const answers = createAnswers(context, moves);
  const publishedAt = publishNode(context);
  const delivery: DeliveryPath = createDeliveryPath(context, moves, publishedAt);
  const receiving = createReceiving(context, moves);
  const kafka =
    design.pubsub.kind === 'kafka'
      ? createKafka(context, sizes.kafkaLogRecords, receiving.ownMessage, () => delivery)
      : null;
  const publisher =
    kafka ??
    (design.pubsub.kind === 'none'
      ? createMesh(context, receiving.ownMessage)
      : createRedis(context, receiving.ownMessage));
  const path = createMessagePath(context, moves, answers.tell, publisher, publishedAt);
  const sending = createSending(context, moves, (user) => connections.renew(user));
  const connections = createConnections(context, receiving);
  const faults = createFaults(context, connections, sending, receiving, kafka, (kind, a, b, c, station) =>
    begin(kind, a, b, c, station),
  );
  const intervals = createIntervals(context);
  const handlers: Handlers = {
    path,
    delivery,
    answers,
    receiving,
    sending,
    connections,
    faults,
    kafka,
    intervals,
    churn: createChurn(context, connections),
  };
  const begin = createBegin(handlers, context);
  return { spec, context, sizes, handlers };
}

/** The state at time 0: who is connected, and the first events. */
function start(system: System): void {
  const { context, handlers, spec } = system;
  const { workload, design, choices, users, memberships, topology, events, balancer, brokerState, gauges } =
    context;
  const { clients } = design.network;
  const online = Math.floor(workload.online * 0x1_0000_0000);
  brokerState.softSinceUs.fill(-1);
  for (const { user, channel } of spec.later) {
    const slot = slotOf(topology, user, channel);
    if (slot >= 0) memberships.entry[2 * slot + 1] = NOT_A_MEMBER;
  }
  const bounds: number[] = [];
  let sum = 0;
  for (const c of clients) {
    sum += c.share;
    bounds.push(Math.floor(sum * 0x1_0000_0000));
  }
  for (let user = 0; user < workload.users; user++) {
    const u = choices.u32(PURPOSE.CLIENT_CLASS, user, 0);
    let cls = 0;
    while (cls < bounds.length - 1 && u >= bounds[cls]) cls++;
    users.pair[2 * user] = withServer(withState(cls << CLASS_SHIFT, CONNECTION.state.offline), NO_SERVER);
    users.own[8 * user + OWN.GATEWAY] = user % design.gateway.count;
    if (choices.u32(PURPOSE.ONLINE, user, 0) >= online) continue;
    const server = balancer.pick(user, choices.u32(PURPOSE.BALANCE, user, 0));
    if (server < 0) {
      // No room: the user tries again as any client does.
      events.schedule(0, EVENT.CONNECT, user, 0, 0);
      continue;
    }
    handlers.connections.startOnline(user, server);
  }
  if (context.bots !== null) drawBots(context.bots, workload, choices);
  handlers.sending.scheduleFirstTicks();
  handlers.churn.scheduleFirst();
  handlers.kafka?.startConsumers();
  gauges[2] = 0;
  events.schedule(INTERVAL_US, EVENT.INTERVAL, 0, 0, 0);
}
