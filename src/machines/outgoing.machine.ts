import { setup } from 'xstate';
import { compileMachine } from './compile.ts';

/**
 * A message on its way out, as the sender's client sees it. The answers to an earlier attempt may come late, in any state that still
 * waits. How often and how long to try is decided outside, by GIVE_UP and by when RETRY comes.
 */
const OUTGOING_EVENTS = [
  // The client puts the message on its connection for the first time.
  'SEND',
  // The server says that it has the message.
  'ACK',
  // The server refuses the message and says when to come back.
  'NACK',
  // No answer came in time.
  'TIMEOUT',
  // The connection broke before the answer.
  'CONNECTION_LOST',
  // The wait before the next attempt is over, and there is a connection.
  'RETRY',
  // The client will not try again.
  'GIVE_UP',
] as const;

type OutgoingEvent = { type: (typeof OUTGOING_EVENTS)[number] };

export const outgoingMachine = setup({
  types: { events: {} as OutgoingEvent },
}).createMachine({
  id: 'outgoing',
  initial: 'idle',
  states: {
    idle: {
      description: 'The message is written and has not left the client.',
      on: { SEND: 'sending', GIVE_UP: 'failed' },
    },
    sending: {
      description: 'The message is on its way and the client waits for the answer.',
      on: {
        ACK: 'acked',
        NACK: 'refused',
        TIMEOUT: 'retrying',
        CONNECTION_LOST: 'retrying',
        GIVE_UP: 'failed',
      },
    },
    retrying: {
      description: 'No answer came; the client waits before it sends the message again.',
      on: { RETRY: 'sending', ACK: 'acked', NACK: 'refused', GIVE_UP: 'failed' },
    },
    refused: {
      description: 'The server refused the message; the client waits until it may come back.',
      on: { RETRY: 'sending', ACK: 'acked', GIVE_UP: 'failed' },
    },
    acked: {
      description: 'The server has said that it has the message.',
      type: 'final',
    },
    failed: {
      description: 'The client has given up, and the user sees the message as not sent.',
      type: 'final',
    },
  },
});

export const outgoing = compileMachine(outgoingMachine, OUTGOING_EVENTS);
