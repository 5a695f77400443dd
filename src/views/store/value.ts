import { useSyncExternalStore } from 'react';

/** One observable value: for small state that React and the canvases share. */
export class Value<T> {
  #current: T;
  readonly #listeners = new Set<() => void>();

  constructor(initial: T) {
    this.#current = initial;
  }

  get current(): T {
    return this.#current;
  }

  set(next: T): void {
    if (Object.is(next, this.#current)) return;
    this.#current = next;
    for (const listener of [...this.#listeners]) listener();
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
}

/** Renders again when the value changes. */
export function useValue<T>(value: Value<T>): T {
  const read = () => value.current;
  return useSyncExternalStore(value.subscribe, read, read);
}

/** Renders again when what is picked from the value changes (by Object.is, so pick a primitive or a stable object). */
export function usePicked<T, P>(value: Value<T>, pick: (of: T) => P): P {
  const read = () => pick(value.current);
  return useSyncExternalStore(value.subscribe, read, read);
}
