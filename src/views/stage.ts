import { createContext, useContext, useEffect } from 'react';
import type { Action, PromiseFrame, Selection, WitnessFrame } from '../worker/protocol.ts';
import type { Palette } from './palette.ts';
import type { FrameLoop, Tick } from './store/frame-loop.ts';
import type { StageStore } from './store/stage-store.ts';
import type { Value } from './store/value.ts';

/** A broken promise that the pictures mark: it stays marked when the clock goes back to before it broke. */
export interface ShownWitness {
  readonly promise: string;
  readonly sinceUs: number;
  readonly witness: WitnessFrame;
}

/** Everything that a picture may use. It draws what the store holds, and says what is selected; it decides nothing. */
export interface Stage {
  readonly store: StageStore;
  readonly loop: FrameLoop;
  readonly palette: Value<Palette>;
  readonly selection: Value<Selection | null>;
  /** The row of the trace that is looked at (its id), or null: cause and consequence go from here. */
  readonly hop: Value<number | null>;
  /** The broken promise whose witness is marked, or null. */
  readonly witness: Value<ShownWitness | null>;
  /** The rate-limit laboratory as a link says it (see rate-limit/lab-link.ts); null as it stands at first. */
  readonly rateLimitLab: Value<string | null>;
  /** Steps instead of flights. */
  readonly reducedMotion: Value<boolean>;
  /** Seats that `asker` draws large enough for a name. The frames that follow say who sits there. */
  nameSeats(seats: readonly number[], asker: string): void;
  select(selection: Selection | null): void;
  /** With a time: from that earlier moment on, and then to where the clock stands. */
  act(action: Action, atUs?: number): void;
  goTo(timeUs: number): void;
  /** Goes to the first violation of a promise and marks what shows it; null marks nothing any more. */
  showWitness(promise: PromiseFrame | null): void;
  /** Tries other futures of this run, to show when it became inevitable that the promise is broken. */
  askFutures(promise: string): void;
}

export interface PictureProps {
  readonly stage: Stage;
  /** A thumbnail is 120 px wide, answers to nothing and draws a few times a second. */
  readonly size: 'large' | 'thumbnail';
  /** Where a large picture puts its own controls, by a portal. */
  readonly toolbar?: HTMLElement | null;
}

const StageContext = createContext<Stage | null>(null);
export const StageProvider = StageContext.Provider;

export function useStage(): Stage {
  const stage = useContext(StageContext);
  if (stage === null) throw new Error('defect: a picture stands outside the stage');
  return stage;
}

/** Redraws in the page's one loop for as long as the component is there. `redraw` must be stable. */
export function useRedraw(loop: FrameLoop, redraw: Tick): void {
  useEffect(() => loop.addRedraw(redraw), [loop, redraw]);
}

/** The user or node of a selection as a key that can be compared. */
export function selectionKey(selection: Selection | null): string {
  if (selection === null) return '';
  switch (selection.kind) {
    case 'station':
      return `station:${selection.node}`;
    case 'user':
      return `user:${selection.user}`;
    case 'seat':
      return `seat:${selection.seat}`;
    case 'channel':
      return `channel:${selection.channel}`;
    case 'message':
      return `message:${selection.sender}.${selection.nth}`;
  }
}
