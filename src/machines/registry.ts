import { circuitBreaker, circuitBreakerMachine } from './circuit-breaker.machine.ts';
import { connection, connectionMachine } from './connection.machine.ts';
import { outgoing, outgoingMachine } from './outgoing.machine.ts';
import { fixedWindow, fixedWindowMachine, rateLimiter, rateLimiterMachine } from './rate-limiter.machine.ts';
import { server, serverMachine } from './server.machine.ts';

/** Every machine beside its table. A test proves them equal; the page draws them. A new machine is one line here. */
export const MACHINES = {
  connection: { machine: connectionMachine, compiled: connection },
  outgoing: { machine: outgoingMachine, compiled: outgoing },
  server: { machine: serverMachine, compiled: server },
  'rate-limiter': { machine: rateLimiterMachine, compiled: rateLimiter },
  'fixed-window': { machine: fixedWindowMachine, compiled: fixedWindow },
  'circuit-breaker': { machine: circuitBreakerMachine, compiled: circuitBreaker },
} as const;
