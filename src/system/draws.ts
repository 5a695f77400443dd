import { type Choices, unit } from '../kernel/choices.ts';
import { createDuration, quantilesOfSamples } from '../kernel/distributions.ts';
import type { Context, Draw, WorkDraw } from './context.ts';
import { type Design, type Duration, serviceLimits } from './design/design.ts';
import { PURPOSE } from './purposes.ts';

/** A draw of a duration for one purpose; a constant asks no choice. */
function drawOf(choices: Choices, purpose: number, duration: Duration): Draw {
  if (duration.kind === 'constant') return () => duration.us;
  const inUs = createDuration(
    duration.kind === 'empirical'
      ? { kind: 'empirical', quantiles: quantilesOfSamples(duration.samplesUs) }
      : duration,
  );
  return (entity, count) => inUs(choices.u32(purpose, entity, count));
}

/**
 * Pieces of work of `us` each, which may have a fraction: the sum is rounded up with the probability of its fraction, so that neither many
 * pieces at once nor many single ones take more or less than they should on average. Whole microseconds ask no choice.
 */
function workOf(choices: Choices, purpose: number, us: number): WorkDraw {
  if (Number.isInteger(us)) return (pieces) => pieces * us;
  return (pieces, entity, count) => Math.floor(pieces * us + unit(choices.u32(purpose, entity, count)));
}

/** Every draw of a duration that a design has, each with a purpose of its own. */
export function createDraws(design: Design, choices: Choices): Context['draw'] {
  const draw = (purpose: number, duration: Duration): Draw => drawOf(choices, purpose, duration);
  const { clients, internal } = design.network;
  return {
    internal: draw(PURPOSE.HOP, internal),
    notifyHop: draw(PURPOSE.NOTIFY_HOP, internal),
    gateway: draw(PURPOSE.GATEWAY_SERVICE, design.gateway.service),
    gatewayDown: draw(PURPOSE.GATEWAY_DOWN, design.gateway.service),
    receive: draw(PURPOSE.SERVER_RECEIVE, design.servers.receive),
    notify: draw(PURPOSE.SERVER_NOTIFY, design.servers.notify),
    validate: draw(PURPOSE.SERVICE_VALIDATE, design.service.service),
    write: draw(PURPOSE.DATABASE_WRITE, design.database.write),
    read: draw(PURPOSE.DATABASE_READ, design.database.read),
    publish: draw(PURPOSE.BROKER_PUBLISH, design.pubsub.publish),
    limiter: draw(PURPOSE.LIMITER_SERVICE, serviceLimits(design)[0]?.service ?? { kind: 'constant', us: 0 }),
    sequencer: draw(PURPOSE.SEQUENCER_SERVICE, design.sequencer.service),
    send: workOf(choices, PURPOSE.SEND_FRACTION, design.servers.sendUs),
    heartbeat: workOf(choices, PURPOSE.HEARTBEAT_FRACTION, design.servers.heartbeatUs),
    pollAtGateway: draw(PURPOSE.POLL_AT_GATEWAY, design.gateway.service),
    pollAtServer: draw(PURPOSE.POLL_AT_SERVER, design.servers.receive),
    deliveryAck: clients.map((c) => draw(PURPOSE.DELIVERY_ACK, c.latency)),
    up: clients.map((c) => draw(PURPOSE.UP_LATENCY, c.latency)),
    down: clients.map((c) => draw(PURPOSE.DOWN_LATENCY, c.latency)),
    connect: clients.map((c) => draw(PURPOSE.CONNECT_LATENCY, c.latency)),
  };
}
