import { describe, expect, test } from 'vitest';
import { assign, fromPromise, raise, setup, spawnChild } from 'xstate';
import { compileMachine } from '../../../src/machines/compile.ts';
import { connection, connectionMachine } from '../../../src/machines/connection.machine.ts';
import { outgoing, outgoingMachine } from '../../../src/machines/outgoing.machine.ts';
import { differencesOf, type Machine, unreachableStates } from './machine-laws.ts';

/** Machines here have the events GO and STOP. */
const EVENTS = ['GO', 'STOP'];
const machineOf = (states: object, more: object = {}): Machine =>
  setup({
    actors: { wait: fromPromise(async () => 1) },
    guards: { isOdd: () => true },
    types: { events: {} as { type: 'GO' | 'STOP' } },
  }).createMachine({ id: 'planted', initial: 'a', states, ...more } as never) as unknown as Machine;

const GOOD = {
  a: { on: { GO: 'b' } },
  b: { on: { GO: 'b', STOP: 'a' } },
};

describe.each([
  { name: 'connection', machine: connectionMachine, compiled: connection },
  { name: 'outgoing', machine: outgoingMachine, compiled: outgoing },
])('the machine $name', ({ machine, compiled }) => {
  test('and its table agree on every state and every event', () => {
    expect(differencesOf(machine as unknown as Machine, compiled)).toEqual([]);
  });

  test('reaches every state from its start', () => {
    expect(unreachableStates(machine as unknown as Machine)).toEqual([]);
  });

  test('with any one cell of its table changed is found out', () => {
    for (let cell = 0; cell < compiled.table.length; cell++) {
      const table = compiled.table.slice();
      table[cell] = (table[cell]! + 1) % compiled.states.length;
      expect(differencesOf(machine as unknown as Machine, { ...compiled, table })).toHaveLength(1);
    }
  });
});

describe('a compiled machine', () => {
  test('numbers states and events in the order in which they are listed', () => {
    const compiled = compileMachine(machineOf(GOOD), EVENTS);
    expect(compiled.states).toEqual(['a', 'b']);
    expect(compiled.events).toEqual(['GO', 'STOP']);
    expect(compiled.start).toBe(0);
    expect([...compiled.table]).toEqual([1, 0, 1, 0]);
  });

  test('stays where it is at an event that its state ignores', () => {
    const { next } = compileMachine(machineOf(GOOD), EVENTS);
    expect([next(0, 0), next(0, 1)]).toEqual([1, 0]);
  });

  test('has numbers by name, whose names the compiler knows', () => {
    const { state, event, next, states } = connection;
    let at = connection.start;
    const path = [event.CONNECT, event.ACCEPTED, event.OPENED, event.CLOSED, event.RETRY].map((e) => {
      at = next(at, e);
      return states[at];
    });
    expect(path).toEqual(['connecting', 'handshaking', 'online', 'backingOff', 'connecting']);
    // @ts-expect-error there is no such state
    expect(state.onlin).toBeUndefined();
    // @ts-expect-error there is no such event
    expect(event.CONECT).toBeUndefined();
  });

  test('takes an acknowledgement that comes late, and none after the end', () => {
    const { state, event, next } = outgoing;
    expect(next(state.retrying, event.ACK)).toBe(state.acked);
    expect(next(state.refused, event.ACK)).toBe(state.acked);
    expect(next(state.failed, event.ACK)).toBe(state.failed);
    for (const e of Object.values(event)) expect(next(state.acked, e)).toBe(state.acked);
  });

  test('with a state that nothing leads to is found out', () => {
    expect(unreachableStates(machineOf({ ...GOOD, c: { on: { GO: 'a' } } }))).toEqual(['c']);
  });
});

describe('compiling refuses, and says where and why,', () => {
  const refused = (machine: Machine, events = EVENTS): string => {
    try {
      compileMachine(machine, events);
    } catch (error) {
      return (error as Error).message;
    }
    return 'not refused';
  };
  const a = (more: object): Machine => machineOf({ ...GOOD, a: { ...GOOD.a, ...more } });

  test.each<[string, Machine, string]>([
    ['a guard', a({ on: { GO: { target: 'b', guard: 'isOdd' } } }), 'the state "a" has a guard on GO'],
    ['a guard written in place', a({ on: { GO: { target: 'b', guard: () => true } } }), 'has a guard on GO'],
    ['a wildcard', a({ on: { '*': 'b' } }), 'the state "a" has the wildcard "*"'],
    ['a wildcard of part of a name', a({ on: { 'GO.*': 'b' } }), 'has the wildcard "GO.*"'],
    ['a wildcard at the root', machineOf(GOOD, { on: { '*': '.b' } }), 'its root has the wildcard'],
    ['an invoked actor', a({ invoke: { src: 'wait' } }), 'the state "a" invokes an actor'],
    [
      'an actor invoked at the root',
      machineOf(GOOD, { invoke: { src: 'wait' } }),
      'its root invokes an actor',
    ],
    ['a spawned actor', a({ entry: spawnChild('wait') }), 'the state "a" has actions'],
    ['an action', a({ on: { GO: { target: 'b', actions: assign({}) } } }), 'has actions on GO'],
    ['an action on leaving', a({ exit: raise({ type: 'GO' }) }), 'has actions'],
    ['a timer', a({ after: { 1000: 'b' } }), 'the state "a" has "after"'],
    ['an arrow without an event', a({ always: 'b' }), 'the state "a" has "always"'],
    ['states within states', a({ initial: 'x', states: { x: {} } }), 'the state "a" is compound'],
    [
      'states side by side',
      machineOf(GOOD, { type: 'parallel', initial: undefined }),
      'its root is parallel',
    ],
    ['a machine without states', machineOf({}, { initial: undefined }), 'its root is atomic'],
  ])('%s', (_, machine, why) => {
    expect(refused(machine)).toContain('planted');
    expect(refused(machine)).toContain(why);
  });

  test('events without an arrow, and arrows whose event is not in the list', () => {
    expect(refused(machineOf(GOOD), [...EVENTS, 'PAUSE'])).toContain('without an arrow: PAUSE');
    expect(refused(machineOf(GOOD), ['GO'])).toContain('not in the list: STOP');
  });

  test('more states than a byte can number', () => {
    const states = Object.fromEntries(
      Array.from({ length: 257 }, (_, i) => [`s${i}`, { on: { GO: 'b', STOP: 'a' } }]),
    );
    expect(refused(machineOf({ ...GOOD, ...states }))).toContain('it has 259 states; a byte holds 256');
  });
});
