import { setup } from 'xstate';
import { compileMachine } from './compile.ts';

/**
 * A client's connection, as the client sees it. Whoever simulates owns the timers and the random waits, and sends TIMEOUT and RETRY.
 * Whether a client has something to catch up with is decided outside: then RESUME comes in place of OPENED.
 */
const CONNECTION_EVENTS = {
  CONNECT: 'The user opens the app.',
  ACCEPTED: 'The gateway has admitted the connection and chosen a server.',
  REFUSED: 'The gateway or the server has no room for the connection.',
  OPENED: 'The handshake is done, and there is nothing to catch up with.',
  RESUME: 'The handshake is done, and the client asks for what it has missed.',
  RESUMED: 'The client has all that it had missed.',
  TIMEOUT: 'An answer that was due did not come.',
  CLOSED: 'The connection has broken, or the other side has closed it.',
  RETRY: 'The wait before the next attempt is over.',
  DISCONNECT: 'The user closes the app.',
} as const;

export type ConnectionEvent = { type: keyof typeof CONNECTION_EVENTS };

export const connectionMachine = setup({
  types: { events: {} as ConnectionEvent, meta: {} as { description: string } },
}).createMachine({
  id: 'connection',
  initial: 'offline',
  states: {
    offline: {
      meta: { description: 'The user does not want a connection.' },
      on: { CONNECT: 'connecting' },
    },
    connecting: {
      meta: { description: 'The client has asked the gateway for a connection and waits to be admitted.' },
      on: {
        ACCEPTED: 'handshaking',
        REFUSED: 'backingOff',
        TIMEOUT: 'backingOff',
        CLOSED: 'backingOff',
        DISCONNECT: 'offline',
      },
    },
    handshaking: {
      meta: {
        description: 'The client and its server agree on a connection: TLS, then the protocol’s upgrade.',
      },
      on: {
        OPENED: 'online',
        RESUME: 'resuming',
        REFUSED: 'backingOff',
        TIMEOUT: 'backingOff',
        CLOSED: 'backingOff',
        DISCONNECT: 'offline',
      },
    },
    resuming: {
      meta: { description: 'The connection is open and the client is being given what it has missed.' },
      on: { RESUMED: 'online', TIMEOUT: 'backingOff', CLOSED: 'backingOff', DISCONNECT: 'offline' },
    },
    online: {
      meta: { description: 'The client sends and is sent messages.' },
      on: { TIMEOUT: 'backingOff', CLOSED: 'backingOff', DISCONNECT: 'offline' },
    },
    backingOff: {
      meta: { description: 'The client has no connection and waits before it tries again.' },
      on: { RETRY: 'connecting', DISCONNECT: 'offline' },
    },
  },
});

export const connection = compileMachine(connectionMachine, CONNECTION_EVENTS);
