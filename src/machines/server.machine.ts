import { setup } from 'xstate';
import { compileMachine } from './compile.ts';

/** A server, or any station: the life of one process. A deploy is DRAIN, DRAINED, RESTART, READY; a crash is CRASH, RESTART, READY. */
const SERVER_EVENTS = {
  READY: 'The process has started and takes connections.',
  BLOCK: 'A handler does not return: the event loop stands still.',
  UNBLOCK: 'The handler has returned.',
  DRAIN: 'The server is told to take no new connections and to let the old ones go.',
  DRAINED: 'The last connection is gone, or the time for it is over.',
  CRASH: 'The process ends with all that it held in memory.',
  RESTART: 'The process is started again.',
} as const;

export type ServerEvent = { type: keyof typeof SERVER_EVENTS };

export const serverMachine = setup({
  types: { events: {} as ServerEvent, meta: {} as { description: string } },
}).createMachine({
  id: 'server',
  initial: 'starting',
  states: {
    starting: {
      meta: { description: 'The process has begun and takes no connections yet.' },
      on: { READY: 'up', CRASH: 'down' },
    },
    up: {
      meta: { description: 'The server takes connections and serves them.' },
      on: { BLOCK: 'blocked', DRAIN: 'draining', CRASH: 'down' },
    },
    blocked: {
      meta: { description: 'The event loop stands still: what arrives waits, and every socket with it.' },
      on: { UNBLOCK: 'up', DRAIN: 'draining', CRASH: 'down' },
    },
    draining: {
      meta: { description: 'The server serves the connections that it has and takes no new ones.' },
      on: { DRAINED: 'down', CRASH: 'down' },
    },
    down: {
      meta: { description: 'The process is gone, and what it held in memory with it.' },
      on: { RESTART: 'starting' },
    },
  },
});

export const server = compileMachine(serverMachine, SERVER_EVENTS);
