import { describe, expect, it } from 'vitest';
import { createActor } from 'xstate';
import { lessonMachine } from '../../../src/app/lesson/lesson.machine.ts';
import { type PlayerEvent, playerMachine } from '../../../src/app/player.machine.ts';
import { type Port, WorkerLink } from '../../../src/app/worker-link.ts';
import type { Frame, Look } from '../../../src/worker/protocol.ts';

function player(...events: PlayerEvent[]) {
  const actor = createActor(playerMachine).start();
  for (const event of events) actor.send(event);
  return actor;
}

const OPEN: PlayerEvent = { type: 'OPEN', speed: 1_000 };
const OPENED: PlayerEvent = { type: 'OPENED', play: false, going: false };
const frame = (state: Frame['state']): PlayerEvent => ({ type: 'FRAME', state });

describe('the player', () => {
  it('loads, and says what is being built', () => {
    const loading = player(OPEN, { type: 'BUILDING', what: 'members', share: 0.4 }).getSnapshot();
    expect(loading.value).toBe('loading');
    expect(loading.context).toMatchObject({ doing: 'members', share: 0.4, speed: 1_000 });
  });

  it.each([
    [{ play: true, going: false }, 'playing'],
    [{ play: false, going: true }, 'rewinding'],
    [{ play: false, going: false }, 'paused'],
  ] as const)('opened with %o it is %s', (how, state) => {
    expect(player(OPEN, { type: 'OPENED', ...how }).getSnapshot().value).toBe(state);
  });

  it('shows the problems of a scenario that is refused', () => {
    const { value, context } = player(OPEN, { type: 'REFUSED', problems: ['a.yaml:1:1: no'] }).getSnapshot();
    expect([value, context.problems]).toEqual(['failed', ['a.yaml:1:1: no']]);
  });

  it.each(['playing', 'paused', 'asking', 'rewinding', 'ended', 'failed'] as const)(
    'follows the run into %s',
    (state) => {
      const from = state === 'paused' ? { ...OPENED, play: true } : OPENED;
      expect(player(OPEN, from as PlayerEvent, frame(state)).getSnapshot().value).toBe(state);
    },
  );

  it('does not play on while a question waits for its answer', () => {
    expect(player(OPEN, OPENED, frame('asking'), { type: 'PLAY' }).getSnapshot().value).toBe('asking');
    expect(player(OPEN, OPENED, frame('asking'), { type: 'ANSWER' }).getSnapshot().value).toBe('playing');
  });

  it('stays failed whatever frames still arrive', () => {
    const failed = player(OPEN, OPENED, { type: 'FAILED', message: 'out of memory' }, frame('playing'));
    expect(failed.getSnapshot().value).toBe('failed');
  });
});

describe('the lesson', () => {
  const lesson = () => createActor(lessonMachine).start();

  it('waits for a choice, tells, and goes on', () => {
    const actor = lesson();
    actor.send({ type: 'ASKED', step: 2 });
    expect(actor.getSnapshot().value).toBe('thinking');
    actor.send({ type: 'GO_ON' });
    expect(actor.getSnapshot().value).toBe('thinking');
    actor.send({ type: 'CHOOSE', step: 2, choice: 1 });
    expect(actor.getSnapshot().context.chosen).toEqual({ 2: 1 });
    actor.send({ type: 'GO_ON' });
    expect(actor.getSnapshot().value).toBe('listening');
  });

  it('takes the answer to a question that was passed by, and waits for nothing', () => {
    const actor = lesson();
    actor.send({ type: 'CHOOSE', step: 4, choice: 2 });
    expect(actor.getSnapshot()).toMatchObject({ value: 'listening', context: { chosen: { 4: 2 } } });
  });

  it('does not ask again what has been answered', () => {
    const actor = lesson();
    actor.send({ type: 'ASKED', step: 2 });
    actor.send({ type: 'CHOOSE', step: 2, choice: 0 });
    actor.send({ type: 'NOT_ASKED' });
    actor.send({ type: 'ASKED', step: 2 });
    expect(actor.getSnapshot().value).toBe('told');
    expect(actor.getSnapshot().context.chosen).toEqual({ 2: 0 });
    actor.send({ type: 'OPENED' });
    expect(actor.getSnapshot().context.chosen).toEqual({});
  });
});

describe('the line to the worker', () => {
  const LOOK: Look = { selection: null, seats: [] };

  function line() {
    const sent: unknown[] = [];
    const port: Port = {
      postMessage: (message) => sent.push(message),
      onmessage: null,
      onerror: null,
      terminate() {},
    };
    const notices: unknown[] = [];
    const link = new WorkerLink(
      port,
      (notice) => notices.push(notice),
      () => {},
    );
    const reply = (data: unknown) => port.onmessage?.({ data } as MessageEvent);
    return { link, port, sent, notices, reply };
  }

  it('believes the state of a frame only when no command has followed its request', () => {
    const { link, reply } = line();
    link.askFrame(new ArrayBuffer(1), LOOK);
    link.send({ type: 'pause' });
    reply({ type: 'frame', frame: { state: 'playing' } });
    expect(link.takeFrame()?.isCurrent()).toBe(false);
    link.askFrame(new ArrayBuffer(1), LOOK);
    reply({ type: 'frame', frame: { state: 'paused' } });
    expect(link.takeFrame()?.isCurrent()).toBe(true);
    expect(link.takeFrame()).toBeNull();
  });

  it('passes on what is no frame, and a worker that cannot be loaded', () => {
    const { notices, port, reply } = line();
    reply({ type: 'rewinding', share: 0.5 });
    port.onerror?.({ message: '' } as ErrorEvent);
    expect(notices).toEqual([
      { type: 'rewinding', share: 0.5 },
      { type: 'failed', message: 'the simulation could not be loaded' },
    ]);
  });
});
