/**
 * A stand-in for the simulation that speaks the page's protocol with a made-up crowd: to look at the page and to measure it without the
 * engine. Nothing of it is in the product. The scenario's text chooses the crowd: `users: N` and `servers: N` lines.
 */
import type {
  CurvePoint,
  Frame,
  Inspection,
  LessonStep,
  Look,
  Mark,
  OpenedInfo,
  Reply,
  Request,
  StationFrame,
  StationInfo,
} from '../../../src/worker/protocol.ts';
import { SEAT_STATES } from '../../../src/worker/protocol.ts';

const code = (state: (typeof SEAT_STATES)[number]): number => SEAT_STATES.indexOf(state);
const ONLINE = code('online');
const RECEIVED = code('just-received');
const SENT = code('just-sent');
const RESUMING = code('resuming');
const REFUSED = code('refused');
const BUFFERING = code('buffering');
const DOWN = code('server-down');

const post = (reply: Reply, transfer: Transferable[] = []): void =>
  (self as unknown as DedicatedWorkerGlobalScope).postMessage(reply, transfer);

let users = 1_000_000;
let servers = 10;
let perServer = 120_000;
let durationUs = 60_000_000;
let info: OpenedInfo;
let seats = new Uint8Array(0);
let timeUs = 0;
let state: Frame['state'] = 'paused';
let speed = 1_000_000;
let answered = new Set<number>();
let down = new Map<number, number | null>();
let slow = new Map<number, number>();
let curveSent = 0;
let reset = true;
let handMarks: Mark[] = [];
let lastWall = 0;
let noise = 1;

const random = (): number => {
  noise = (Math.imul(noise, 1_664_525) + 1_013_904_223) >>> 0;
  return noise / 0x1_0000_0000;
};

function open(request: Extract<Request, { type: 'open' }>): void {
  const setting = (name: string, otherwise: number): number => {
    const match = new RegExp(`^\\s*${name}: (\\d+)`, 'm').exec(request.text);
    return match === null ? otherwise : Number(match[1]);
  };
  const text = (name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(request.text)?.[1] ?? '';
  if (/^\s*broken/m.test(request.text)) {
    post({
      type: 'refused',
      problems: [`${request.fileName}:4:3: there is no setting "serverz"; did you mean "servers"?`],
    });
    return;
  }
  users = request.users ?? setting('users', 1_000_000);
  servers = setting('servers', 10);
  durationUs = setting('seconds', 60) * 1_000_000;
  perServer = setting('seats', users <= 1_000 ? users : Math.ceil((1.2 * users) / servers));
  const stations: StationInfo[] = [];
  const add = (name: string, kind: StationInfo['kind'], workers: number, queueLimit: number): void => {
    stations.push({ node: stations.length, name, kind, workers, queueLimit });
  };
  for (let i = 1; i <= Math.min(4, servers); i++) add(`gateway-${i}`, 'gateway', 4, 20_000);
  for (let i = 1; i <= servers; i++) add(`ws-server-${i}`, 'ws-server', 1, 10_000);
  for (let i = 1; i <= Math.min(4, servers); i++) add(`pubsub-${i}`, 'pubsub', 1, 100_000);
  add('chat-service', 'chat-service', 64, 20_000);
  add('database', 'database', 128, 20_000);
  const seatStart = Array.from({ length: servers + 1 }, (_, s) => s * perServer);
  const total = servers * perServer + users;
  seats = new Uint8Array(total);
  timeUs = 0;
  answered = new Set();
  down = new Map();
  slow = new Map();
  handMarks = [];
  curveSent = 0;
  reset = true;
  state = 'paused';
  const say = (index: number, atUs: number, words: string): LessonStep => ({
    index,
    kind: 'say',
    text: words,
    choices: [],
    answer: null,
    explain: '',
    atUs,
    source: `- { at: ${atUs / 1e6}s, say: ... }`,
  });
  const lesson: LessonStep[] = [
    say(
      0,
      0,
      'Each dot is a **user** with an open WebSocket. Each block is one server. When a dot lights up, a message has just been shown.',
    ),
    say(
      1,
      durationUs / 10,
      "Every message goes through `pub/sub`: the sender's server publishes it once, and the fan-out reaches every server that has a member.",
    ),
    {
      index: 2,
      kind: 'ask',
      text: 'In a moment **ws-server-3** dies with all its connections. How long until its users are back?',
      choices: [
        'At once: the load balancer moves them',
        'As fast as the gateways accept them',
        'Never: they are lost',
      ],
      answer: 1,
      explain:
        'Each gateway admits 2,000 connections a second. With full jitter the clients spread their attempts.',
      atUs: durationUs / 5,
      source: '',
    },
    {
      index: 3,
      kind: 'fault',
      text: '- { at: 15s, crash: ws-server-3 }',
      choices: [],
      answer: null,
      explain: '',
      atUs: durationUs / 4,
      source: '',
    },
    say(4, durationUs / 3.5, 'A hundred thousand dots go out. Watch the strip below: they are knocking.'),
  ];
  info = {
    scenario: request.fileName.replace('.yaml', ''),
    title: text('title') || 'A made-up crowd',
    summary: text('summary'),
    teaches: ['fan-out', 'connection-limits'],
    seed: request.seed ?? 1,
    users,
    channels: Math.ceil(users / 2),
    durationUs,
    stations,
    crowd: { seatStart, seats: total },
    userNames: ['alice', 'bob', 'carol', 'dave', 'erin', 'frank'].slice(0, users),
    channelNames: ['#general', '#random'],
    lesson: users === 2 ? lesson.slice(0, 2) : lesson,
    worlds: ['here'],
    buildMs: 900,
    worldBytes: 400_000_000,
    design: [
      { path: 'design.servers.count', value: String(servers), standard: '100', changed: true },
      { path: 'design.ordering', value: 'per-channel', standard: 'per-channel', changed: false },
      { path: 'design.delivery', value: 'at-most-once', standard: 'at-least-once', changed: true },
    ],
  };
  const steps = users > 10_000 ? 12 : 1;
  const build = (step: number): void => {
    if (step < steps) {
      post({
        type: 'building',
        what: `${Math.round((users * step) / steps).toLocaleString('en')} users`,
        share: step / steps,
      });
      setTimeout(() => build(step + 1), 40);
      return;
    }
    for (const { atUs, action } of request.hand) if (atUs <= request.atUs) act(action, atUs);
    timeUs = request.atUs;
    post({ type: 'opened', info });
  };
  build(0);
}

const crashUs = (): number => durationUs / 4;
const serverNode = (s: number): number => Math.min(4, servers) + s;

/** Whether server s is down now, and since when. */
function downSince(s: number): number | null {
  if (servers > 3 && s === 2 && timeUs >= crashUs() && timeUs < crashUs() + durationUs / 2) return crashUs();
  const since = down.get(serverNode(s));
  return since !== undefined && since !== null && since <= timeUs ? since : null;
}

/** The whole crowd as a function of time: a wave of one town-hall message each tenth of the run, and a steady drizzle. */
function paint(into: Uint8Array): void {
  into.fill(0);
  noise = (1 + Math.floor(timeUs / 50_000)) >>> 0;
  let homeless = 0;
  const strip = servers * perServer;
  const alive: number[] = [];
  for (let s = 0; s < servers; s++) if (downSince(s) === null) alive.push(s);
  const each = Math.floor(users / servers);
  const period = durationUs / 10;
  const wave = (timeUs % period) / (period * 0.35);
  for (let s = 0; s < servers; s++) {
    const since = downSince(s);
    const base = s * perServer;
    const here = s === servers - 1 ? users - each * (servers - 1) : each;
    if (since !== null) {
      const gone = timeUs - since;
      const back = Math.min(1, gone / (durationUs / 3));
      const waiting = Math.floor(here * (1 - back));
      for (let i = 0; i < here; i++) into[base + i] = DOWN;
      for (let i = 0; i < waiting && homeless < users; i++) {
        into[strip + homeless++] = random() < 0.15 ? REFUSED : RESUMING;
      }
      continue;
    }
    let extra = 0;
    for (let d = 0; d < servers; d++) {
      const gone = downSince(d);
      if (gone === null) continue;
      extra += Math.floor(
        (each * Math.min(1, (timeUs - gone) / (durationUs / 3))) / Math.max(1, alive.length),
      );
    }
    const filled = Math.min(perServer, here + extra);
    const front = Math.floor(wave * filled);
    const width = Math.max(1, Math.floor(filled * 0.02));
    for (let i = 0; i < filled; i++) into[base + i] = ONLINE;
    for (let i = Math.max(0, front - width); i < Math.min(filled, front); i++) into[base + i] = RECEIVED;
    const drizzle = Math.ceil(filled * 0.004);
    for (let k = 0; k < drizzle && state !== 'ended'; k++) {
      const i = Math.floor(random() * filled);
      into[base + i] = k % 24 === 0 ? SENT : k % 37 === 0 ? BUFFERING : RECEIVED;
    }
  }
}

function pointAt(us: number): CurvePoint {
  const sends = (users / 60) * (1 + 0.1 * Math.sin(us / 3e6));
  const broken = us > crashUs() && us < crashUs() + durationUs / 2 && servers > 3;
  return {
    timeUs: us,
    sendsPerSecond: sends,
    deliveriesPerSecond: sends * (broken ? 16 : 20),
    p50Us: 42_000 + 2_000 * Math.sin(us / 5e6),
    p99Us: broken ? 900_000 : 210_000 + 20_000 * Math.cos(us / 2e6),
    connections: broken ? users - users / servers : users,
    refusalsPerSecond: broken ? users / 400 : 0,
    dropsPerSecond: broken ? users / 4_000 : 0,
  };
}

function act(action: Extract<Request, { type: 'act' }>['action'], atUs: number): void {
  const name = 'node' in action ? (info?.stations[action.node]?.name ?? '') : '';
  let line = `- { at: ${(atUs / 1e6).toFixed(6)}s, ${action.do}: ${name} }`;
  if (action.do === 'crash') down.set(action.node, atUs);
  else if (action.do === 'restart') down.delete(action.node);
  else if (action.do === 'slow') {
    slow.set(action.node, action.factor);
    line = `- { at: ${(atUs / 1e6).toFixed(6)}s, slow: ${name}, factor: ${action.factor} }`;
  }
  handMarks.push({ timeUs: atUs, kind: 'hand', text: line });
  post({ type: 'acted', atUs, action, line });
}

function reached(): { reached: number; asking: number | null } {
  let count = 0;
  for (const step of info.lesson) {
    if (step.atUs === null || step.atUs > timeUs) break;
    if (step.kind === 'ask' && !answered.has(step.index)) return { reached: count, asking: step.index };
    count++;
  }
  return { reached: count, asking: null };
}

function advance(): void {
  const now = performance.now();
  const elapsed = Math.min(100, now - lastWall);
  lastWall = now;
  if (state !== 'playing') return;
  const before = timeUs;
  timeUs = Math.min(durationUs, Math.round(timeUs + (elapsed * Math.min(speed, 8_000_000)) / 1_000));
  const ask = info.lesson.find(
    (step) =>
      step.kind === 'ask' &&
      !answered.has(step.index) &&
      step.atUs !== null &&
      step.atUs >= before &&
      step.atUs <= timeUs,
  );
  if (ask !== undefined && ask.atUs !== null) {
    timeUs = ask.atUs;
    state = 'asking';
  } else if (timeUs >= durationUs) state = 'ended';
}

function inspect(look: Look | undefined): Inspection | null {
  const selection = look?.selection ?? null;
  if (selection === null) return null;
  if (selection.kind === 'station') {
    return {
      selection,
      seat: null,
      facts: [{ name: 'channels subscribed', value: '48,213' }],
      structures: [
        {
          kind: 'queue',
          name: 'event loop',
          size: 12,
          limit: 10_000,
          entries: ['notify alice/4', 'send bob/9', 'heartbeat', 'notify erin/1'],
        },
        {
          kind: 'map',
          name: 'userId to connection',
          size: 98_214,
          entries: [
            { key: 'alice', value: 'connection 4' },
            { key: 'user-1003', value: 'connection 77' },
          ],
          probed: 0,
        },
      ],
    };
  }
  const user =
    selection.kind === 'user' ? selection.user : selection.kind === 'seat' ? userAt(selection.seat) : -1;
  if (user < 0) return { selection, seat: null, facts: [], structures: [] };
  const each = Math.floor(users / servers);
  const s = Math.min(servers - 1, Math.floor(user / each));
  return {
    selection: { kind: 'user', user },
    seat: s * perServer + (user - s * each),
    facts: [
      { name: 'server', value: `ws-server-${s + 1}` },
      { name: 'channels', value: '20' },
    ],
    structures: [
      {
        kind: 'window',
        name: 'rate limit',
        windowUs: 60_000_000,
        limit: 5,
        count: 3,
        acceptedUs: [timeUs - 50e6, timeUs - 30e6, timeUs - 5e6],
        refusedUs: [timeUs - 2e6],
      },
    ],
  };
}

function userAt(seat: number): number {
  if (seat >= servers * perServer) return seats[seat] === 0 ? -1 : (seat - servers * perServer) % users;
  const s = Math.floor(seat / perServer);
  const i = seat - s * perServer;
  const each = Math.floor(users / servers);
  return i < each ? s * each + i : -1;
}

function frame(request: Extract<Request, { type: 'frame' }>): void {
  advance();
  const into = new Uint8Array(request.seats);
  paint(into);
  seats = into.slice();
  const step = Math.max(50_000, durationUs / 600);
  const curve: CurvePoint[] = [];
  if (reset) curveSent = 0;
  for (; (curveSent + 1) * step <= timeUs; curveSent++) curve.push(pointAt((curveSent + 1) * step));
  const stations: StationFrame[] = info.stations.map((station) => {
    const s = station.kind === 'ws-server' ? station.node - serverNode(0) : -1;
    const dead = s >= 0 ? downSince(s) !== null : (down.get(station.node) ?? null) !== null;
    return {
      node: station.node,
      up: !dead,
      slowFactor: slow.get(station.node) ?? 1,
      queue: dead ? 0 : (station.node * 37) % 190,
      utilisation: dead ? 0 : 0.2 + ((station.node * 13) % 50) / 100,
      ratePerSecond: dead ? 0 : 33_000 / Math.max(1, servers),
      connections: s >= 0 && !dead ? Math.floor(users / servers) : 0,
    };
  });
  const marks: Mark[] = [
    { timeUs: 0, kind: 'say', text: 'Each dot is a user' },
    { timeUs: durationUs / 10, kind: 'say', text: 'Every message goes through pub/sub' },
    { timeUs: durationUs / 5, kind: 'ask', text: 'How long until they are back?' },
    { timeUs: crashUs(), kind: 'fault', text: '- { at: 15s, crash: ws-server-3 }' },
    ...handMarks,
  ];
  if (timeUs > durationUs * 0.3 && servers > 3) {
    marks.push({
      timeUs: durationUs * 0.3,
      kind: 'violation',
      text: 'no-loss: user-200012 was never shown alice/3',
    });
  }
  const reply: Frame = {
    timeUs,
    state,
    events: Math.floor(timeUs / 2),
    eventsPerWallSecond: 4e6,
    virtualUsPerWallSecond: state === 'playing' ? Math.min(speed, 8_000_000) : 0,
    seats: into,
    curve,
    curveReset: reset,
    stations,
    metrics: { 'messages.sent': Math.floor((timeUs * users) / 60e6) },
    rows: [],
    rowsFrom: 0,
    rowsLeftOut: 0,
    lesson: reached(),
    promises: [
      'per-channel-order',
      'no-loss',
      'no-duplicates',
      'no-phantoms',
      'acked-is-durable',
      'rate-bound',
    ].map((name) => ({
      name,
      verdict:
        name === 'no-loss' && timeUs > durationUs * 0.3 && servers > 3
          ? 'violated'
          : name === 'rate-bound'
            ? 'unknown'
            : 'holds',
      violations: name === 'no-loss' && timeUs > durationUs * 0.3 && servers > 3 ? 3 : 0,
      sinceUs: name === 'no-loss' && timeUs > durationUs * 0.3 && servers > 3 ? durationUs * 0.3 : null,
    })),
    marks,
    inspection: inspect(request.look),
    occupants: Int32Array.from(request.look?.seats ?? [], userAt),
  };
  reset = false;
  post({ type: 'frame', frame: reply }, [request.seats]);
}

self.onmessage = ({ data }: MessageEvent): void => {
  const request = data as Request;
  switch (request.type) {
    case 'open':
      open(request);
      return;
    case 'play':
      speed = request.virtualUsPerSecond;
      state = timeUs >= durationUs ? 'ended' : 'playing';
      lastWall = performance.now();
      return;
    case 'pause':
      advance();
      state = 'paused';
      return;
    case 'step':
      state = 'paused';
      timeUs = Math.min(durationUs, timeUs + (request.by === 'event' ? 137 : 4_211));
      return;
    case 'goTo':
      timeUs = request.timeUs;
      state = timeUs >= durationUs ? 'ended' : 'paused';
      reset = true;
      return;
    case 'act':
      act(request.action, timeUs);
      return;
    case 'answer':
      answered.add(request.step);
      state = 'paused';
      return;
    case 'watch':
      return;
    case 'frame':
      frame(request);
      return;
  }
};
