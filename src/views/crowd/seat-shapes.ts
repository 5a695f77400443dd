import type { SeatState } from '../../worker/protocol.ts';

/**
 * The shape of a seat in each state, as SVG paths in a box from -1 to 1: so that no state is told by its colour alone where
 * a seat is large enough to have a shape. The legend and the canvas draw the same paths.
 */
export interface SeatShape {
  readonly fill?: string;
  readonly stroke?: string;
  readonly strokeWidth?: number;
}

const disc = (r: number): string => `M${r} 0A${r} ${r} 0 1 1 ${-r} 0A${r} ${r} 0 1 1 ${r} 0Z`;

export const SEAT_SHAPES: Readonly<Record<SeatState, SeatShape>> = {
  empty: { stroke: disc(0.5), strokeWidth: 0.22 },
  online: { fill: disc(0.72) },
  'just-received': { fill: disc(0.58), stroke: disc(0.9), strokeWidth: 0.18 },
  'just-sent': { fill: 'M0 -0.95L0.9 0.7L-0.9 0.7Z' },
  resuming: { fill: 'M0 -0.7A0.7 0.7 0 0 0 0 0.7Z', stroke: disc(0.7), strokeWidth: 0.2 },
  refused: { stroke: 'M-0.65 -0.65L0.65 0.65M0.65 -0.65L-0.65 0.65', strokeWidth: 0.34 },
  buffering: { fill: 'M-0.65 -0.65H0.65V0.65H-0.65Z' },
  'server-down': { stroke: `${disc(0.68)}M-0.48 0.48L0.48 -0.48`, strokeWidth: 0.18 },
  offline: { stroke: 'M-0.62 0H0.62', strokeWidth: 0.3 },
};

/** What a state means, in a word for the legend and a sentence for whoever asks. */
export const SEAT_WORDS: Readonly<Record<SeatState, { readonly label: string; readonly means: string }>> = {
  empty: { label: 'empty seat', means: 'A connection that the server could hold and does not.' },
  online: { label: 'online', means: 'Connected, with nothing new on the screen.' },
  'just-received': {
    label: 'just received',
    means: 'A message was shown to this user a moment ago; the dot fades as time goes on.',
  },
  'just-sent': { label: 'just sent', means: 'This user has just put a message on the wire.' },
  resuming: {
    label: 'coming back',
    means: 'Connecting, or connected and asking for the messages that it has missed.',
  },
  refused: {
    label: 'refused',
    means: 'The last request of this user was refused: by the rate limit or a full queue.',
  },
  buffering: {
    label: 'holding back',
    means: 'A message has arrived too early and waits in the reorder buffer for the one before it.',
  },
  'server-down': {
    label: 'cut off',
    means: 'The server of this user is down, and the user has not noticed or not come back yet.',
  },
  offline: { label: 'away', means: 'This user has closed the app and wants no connection.' },
};
