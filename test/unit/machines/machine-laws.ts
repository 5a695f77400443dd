import { type AnyStateMachine, createActor } from 'xstate';
import { getShortestPaths } from 'xstate/graph';
import type { CompiledMachine } from '../../../src/machines/compile.ts';

export type Machine = AnyStateMachine;

/** Where running actors of the machine and the table differ, one line each. The compiler uses `transition`; this does not. */
export function differencesOf(machine: Machine, compiled: Omit<CompiledMachine, 'next'>): string[] {
  const { states, events, table } = compiled;
  const differences: string[] = [];
  for (const [from, value] of states.entries()) {
    for (const [number, type] of events.entries()) {
      const cell = from * events.length + number;
      const actor = createActor(machine, { snapshot: machine.resolveState({ value, context: undefined }) });
      actor.start();
      if (actor.getSnapshot().status === 'active') actor.send({ type });
      const reached: unknown = actor.getSnapshot().value;
      actor.stop();
      if (states[table[cell]!] !== reached) {
        differences.push(
          `${value} on ${type}: the machine goes to ${reached}, the table to ${states[table[cell]!]}`,
        );
      }
    }
  }
  return differences;
}

/** The states to which no path leads. */
export function unreachableStates(machine: Machine): string[] {
  const reached = new Set(getShortestPaths(machine).map((path) => String(path.state.value)));
  return Object.keys(machine.root.states).filter((state) => !reached.has(state));
}
