import { assign, setup } from 'xstate';
import type { Frame } from '../worker/protocol.ts';

/**
 * What the player is doing, as far as the page is concerned. The simulation's own state comes in with each frame (`FRAME`); a command
 * changes the state at once, so that a click answers before the worker does.
 */

export interface PlayerContext {
  /** Virtual microseconds that one second shows; Infinity for as fast as it goes. */
  readonly speed: number;
  /** What is being built, and how much of it, while loading; how much of the way, while rewinding. */
  readonly doing: string;
  readonly share: number;
  /** What is wrong with the scenario, or with the run. */
  readonly problems: readonly string[];
  /** What stopped it is only that it takes much: it can be opened all the same. */
  readonly mayConfirm: boolean;
}

export type PlayerEvent =
  | { readonly type: 'OPEN'; readonly speed: number }
  | { readonly type: 'BUILDING'; readonly what: string; readonly share: number }
  /** `going`: the run is on its way to the moment of a link. */
  | { readonly type: 'OPENED'; readonly play: boolean; readonly going: boolean }
  | { readonly type: 'REFUSED'; readonly problems: readonly string[] }
  | { readonly type: 'FAILED'; readonly message: string; readonly mayConfirm?: boolean }
  | { readonly type: 'PLAY' }
  | { readonly type: 'PAUSE' }
  | { readonly type: 'STEP' }
  | { readonly type: 'GO_TO' }
  | { readonly type: 'ANSWER' }
  | { readonly type: 'REWINDING'; readonly share: number }
  | { readonly type: 'FRAME'; readonly state: Frame['state'] }
  | { readonly type: 'SPEED'; readonly speed: number }
  | { readonly type: 'CLOSE' };

const follow = {
  FRAME: [
    {
      guard: ({ event }: { event: { state: Frame['state'] } }) => event.state === 'playing',
      target: '#player.playing',
    },
    {
      guard: ({ event }: { event: { state: Frame['state'] } }) => event.state === 'paused',
      target: '#player.paused',
    },
    {
      guard: ({ event }: { event: { state: Frame['state'] } }) => event.state === 'asking',
      target: '#player.asking',
    },
    {
      guard: ({ event }: { event: { state: Frame['state'] } }) => event.state === 'rewinding',
      target: '#player.rewinding',
    },
    {
      guard: ({ event }: { event: { state: Frame['state'] } }) => event.state === 'ended',
      target: '#player.ended',
    },
    {
      guard: ({ event }: { event: { state: Frame['state'] } }) => event.state === 'failed',
      target: '#player.failed',
    },
  ],
} as const;

export const playerMachine = setup({
  types: { context: {} as PlayerContext, events: {} as PlayerEvent },
  actions: {
    startLoading: assign(({ event }) => ({
      speed: event.type === 'OPEN' ? event.speed : 1_000_000,
      doing: 'reading the scenario',
      share: 0,
      problems: [],
      mayConfirm: false,
    })),
    startRewinding: assign({ doing: 'going there', share: 0 }),
  },
}).createMachine({
  id: 'player',
  context: { speed: 1_000_000, doing: '', share: 0, problems: [], mayConfirm: false },
  initial: 'empty',
  on: {
    OPEN: { target: '.loading', actions: 'startLoading' },
    CLOSE: '.empty',
    REFUSED: { target: '.failed', actions: assign({ problems: ({ event }) => event.problems }) },
    FAILED: {
      target: '.failed',
      actions: assign({
        problems: ({ event }) => [event.message],
        mayConfirm: ({ event }) => event.mayConfirm === true,
      }),
    },
    SPEED: { actions: assign({ speed: ({ event }) => event.speed }) },
  },
  states: {
    empty: {},
    loading: {
      on: {
        BUILDING: {
          actions: assign({ doing: ({ event }) => event.what, share: ({ event }) => event.share }),
        },
        REWINDING: {
          actions: assign({ doing: 'running to the moment of the link', share: ({ event }) => event.share }),
        },
        OPENED: [
          { guard: ({ event }) => event.play, target: 'playing' },
          { guard: ({ event }) => event.going, target: 'rewinding' },
          { target: 'paused' },
        ],
      },
    },
    playing: { on: { ...follow, PAUSE: 'paused', GO_TO: 'rewinding', STEP: 'paused' } },
    paused: { on: { ...follow, PLAY: 'playing', GO_TO: 'rewinding' } },
    asking: { on: { ...follow, GO_TO: 'rewinding', ANSWER: 'playing' } },
    rewinding: {
      entry: 'startRewinding',
      on: {
        ...follow,
        REWINDING: { actions: assign({ share: ({ event }) => event.share }) },
        PLAY: 'playing',
      },
    },
    ended: { on: { ...follow, GO_TO: 'rewinding', PLAY: 'playing' } },
    failed: { on: { GO_TO: 'rewinding' } },
  },
});

export type PlayerState =
  | 'empty'
  | 'loading'
  | 'playing'
  | 'paused'
  | 'asking'
  | 'rewinding'
  | 'ended'
  | 'failed';
