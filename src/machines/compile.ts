import { type AnyStateMachine, type StateValueFrom, transition } from 'xstate';

/**
 * A machine as a table of bytes. XState's `transition` takes some 50 us and an actor some kilobytes; a look-up in this table takes some
 * nanoseconds, and an entity one byte: its state's number.
 */
export interface CompiledMachine<State extends string = string, Event extends string = string> {
  /** The names of the states, by number. */
  readonly states: readonly State[];
  /** The names of the events, by number. */
  readonly events: readonly Event[];
  /** The number of each state: `connection.state.online`. */
  readonly state: Readonly<Record<State, number>>;
  /** The number of each event: `connection.event.CONNECT`. */
  readonly event: Readonly<Record<Event, number>>;
  /** The next state of each state and event, at [state x events.length + event]; the state itself where the event is ignored. */
  readonly table: Uint8Array;
  /** The state that the machine begins in. */
  readonly start: number;
  next(state: number, event: number): number;
}

const MAX_STATES = 256;

/** Why this machine is more than states and arrows, or null when a table says all of it. */
function whyNotCompilable(machine: AnyStateMachine): string | null {
  const { root } = machine;
  if (root.type !== 'compound') return `its root is ${root.type}; a table needs one list of states`;
  for (const node of [root, ...Object.values(root.states)]) {
    const where = node === root ? 'its root' : `the state "${node.key}"`;
    if (node !== root && node.type !== 'atomic' && node.type !== 'final') {
      return `${where} is ${node.type}; a table has no states within states`;
    }
    if (node.invoke.length > 0) return `${where} invokes an actor, which lives outside of a table`;
    if (node.after.length > 0) return `${where} has "after"; the simulator owns time: let it send an event`;
    if ((node.always?.length ?? 0) > 0) return `${where} has "always"; give the arrow an event`;
    if (node.entry.length + node.exit.length > 0) return `${where} has actions, which a table would drop`;
    for (const arrow of [...node.transitions.values()].flat()) {
      if (arrow.eventType.includes('*'))
        return `${where} has the wildcard "${arrow.eventType}"; name the events`;
      if (arrow.guard !== undefined) {
        return `${where} has a guard on ${arrow.eventType}; let the caller decide and send another event`;
      }
      if (arrow.actions.length > 0)
        return `${where} has actions on ${arrow.eventType}, which a table would drop`;
    }
  }
  const count = Object.keys(root.states).length;
  return count > MAX_STATES ? `it has ${count} states; a byte holds ${MAX_STATES}` : null;
}

const numbersOf = <Name extends string>(names: readonly Name[]): Record<Name, number> =>
  Object.fromEntries(names.map((name, number) => [name, number])) as Record<Name, number>;

/**
 * Asks XState for the next state of every state and event, and writes the answers into a table.
 *
 * `events` are the names of the machine's events in the order of their numbers. States are numbered in the order in which the machine
 * lists them. Throws Error when the machine is more than states and arrows (guards, actions, timers, actors, wildcards, nested states), and
 * when `events` and the machine's arrows do not name the same events.
 */
export function compileMachine<Machine extends AnyStateMachine, Event extends string>(
  typedMachine: Machine,
  events: readonly Event[],
): CompiledMachine<StateValueFrom<Machine> & string, Event> {
  type State = StateValueFrom<Machine> & string;
  const machine: AnyStateMachine = typedMachine;
  const why = whyNotCompilable(machine);
  if (why !== null) throw new Error(`the machine "${machine.id}" cannot be compiled: ${why}`);

  const stateNames = Object.keys(machine.root.states) as State[];
  const known: readonly string[] = machine.events;
  const unused = events.filter((name) => !known.includes(name));
  const unlisted = known.filter((name) => !(events as readonly string[]).includes(name));
  if (unused.length + unlisted.length > 0) {
    const lists = `without an arrow: ${unused.join(', ') || 'none'}; not in the list: ${unlisted.join(', ') || 'none'}`;
    throw new Error(`the machine "${machine.id}" and the list of its events differ; ${lists}`);
  }

  const state = numbersOf(stateNames);
  const width = events.length;
  const table = new Uint8Array(stateNames.length * width);
  for (const [from, value] of stateNames.entries()) {
    const snapshot = machine.resolveState({ value, context: undefined });
    for (const [number, type] of events.entries()) {
      table[from * width + number] = state[transition(machine, snapshot, { type })[0].value as State];
    }
  }
  return {
    states: stateNames,
    events,
    state,
    event: numbersOf(events),
    table,
    start: state[machine.root.initial.target[0]?.key as State],
    next: (from, event) => table[from * width + event],
  };
}
