import { setup } from 'xstate';
import { compileMachine } from './compile.ts';

/**
 * A client's connection, as the client sees it. Whoever simulates owns the timers and the random waits, and sends TIMEOUT and RETRY.
 * Whether a client has something to catch up with is decided outside: then RESUME comes in place of OPENED.
 */
const CONNECTION_EVENTS = [
  // The user opens the app.
  'CONNECT',
  // The gateway has admitted the connection and chosen a server.
  'ACCEPTED',
  // The gateway or the server has no room for the connection.
  'REFUSED',
  // The handshake is done, and there is nothing to catch up with.
  'OPENED',
  // The handshake is done, and the client asks for what it has missed.
  'RESUME',
  // The client has all that it had missed.
  'RESUMED',
  // An answer that was due did not come.
  'TIMEOUT',
  // The connection has broken, or the other side has closed it.
  'CLOSED',
  // The wait before the next attempt is over.
  'RETRY',
  // The user closes the app.
  'DISCONNECT',
] as const;

type ConnectionEvent = { type: (typeof CONNECTION_EVENTS)[number] };

export const connectionMachine = setup({
  types: { events: {} as ConnectionEvent },
}).createMachine({
  id: 'connection',
  initial: 'offline',
  states: {
    offline: {
      description: 'The user does not want a connection.',
      on: { CONNECT: 'connecting' },
    },
    connecting: {
      description: 'The client has asked the gateway for a connection and waits to be admitted.',
      on: {
        ACCEPTED: 'handshaking',
        REFUSED: 'backingOff',
        TIMEOUT: 'backingOff',
        CLOSED: 'backingOff',
        DISCONNECT: 'offline',
      },
    },
    handshaking: {
      description: 'The client and its server agree on a connection: TLS, then the protocol’s upgrade.',
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
      description: 'The connection is open and the client is being given what it has missed.',
      on: { RESUMED: 'online', TIMEOUT: 'backingOff', CLOSED: 'backingOff', DISCONNECT: 'offline' },
    },
    online: {
      description: 'The client sends and is sent messages.',
      on: { TIMEOUT: 'backingOff', CLOSED: 'backingOff', DISCONNECT: 'offline' },
    },
    backingOff: {
      description: 'The client has no connection and waits before it tries again.',
      on: { RETRY: 'connecting', DISCONNECT: 'offline' },
    },
  },
});

export const connection = compileMachine(connectionMachine, CONNECTION_EVENTS);
