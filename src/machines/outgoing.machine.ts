import { setup } from 'xstate';
import { compileMachine } from './compile.ts';

/**
 * A message on its way out, as the sender's client sees it. The answers to an earlier attempt may come late, in any state that still
 * waits. How often and how long to try is decided outside, by GIVE_UP and by when RETRY comes.
 */
const OUTGOING_EVENTS = {
  SEND: 'The client puts the message on its connection for the first time.',
  ACK: 'The server says that it has the message.',
  NACK: 'The server refuses the message and says when to come back.',
  TIMEOUT: 'No answer came in time.',
  CONNECTION_LOST: 'The connection broke before the answer.',
  RETRY: 'The wait before the next attempt is over, and there is a connection.',
  GIVE_UP: 'The client will not try again.',
} as const;

export type OutgoingEvent = { type: keyof typeof OUTGOING_EVENTS };

export const outgoingMachine = setup({
  types: { events: {} as OutgoingEvent, meta: {} as { description: string } },
}).createMachine({
  id: 'outgoing',
  initial: 'idle',
  states: {
    idle: {
      meta: { description: 'The message is written and has not left the client.' },
      on: { SEND: 'sending', GIVE_UP: 'failed' },
    },
    sending: {
      meta: { description: 'The message is on its way and the client waits for the answer.' },
      on: {
        ACK: 'acked',
        NACK: 'refused',
        TIMEOUT: 'retrying',
        CONNECTION_LOST: 'retrying',
        GIVE_UP: 'failed',
      },
    },
    retrying: {
      meta: { description: 'No answer came; the client waits before it sends the message again.' },
      on: { RETRY: 'sending', ACK: 'acked', NACK: 'refused', GIVE_UP: 'failed' },
    },
    refused: {
      meta: { description: 'The server refused the message; the client waits until it may come back.' },
      on: { RETRY: 'sending', ACK: 'acked', GIVE_UP: 'failed' },
    },
    acked: {
      meta: { description: 'The server has said that it has the message.' },
      type: 'final',
    },
    failed: {
      meta: { description: 'The client has given up, and the user sees the message as not sent.' },
      type: 'final',
    },
  },
});

export const outgoing = compileMachine(outgoingMachine, OUTGOING_EVENTS);
