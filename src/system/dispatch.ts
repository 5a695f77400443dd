import { NO_NODE } from '../trace/trace.ts';
import { KIND } from '../trace/tracer.ts';
import type { Churn } from './client/churn.ts';
import type { Connections } from './client/connections.ts';
import type { Receiving } from './client/receiving.ts';
import type { Context } from './context.ts';
import type { DeliveryPath } from './fanout/delivery.ts';
import type { Kafka } from './fanout/kafka.ts';
import type { Faults } from './faults/faults.ts';
import { EVENT } from './kinds.ts';
import type { MessagePath } from './sending/message-path.ts';
import type { Sending } from './sending/sending.ts';
import type { Answers } from './state/answers.ts';
import type { Intervals } from './state/intervals.ts';
import { type Begin, DOWN } from './state/station.ts';

/** The components that handle events. */
export interface Handlers {
  readonly path: MessagePath;
  readonly delivery: DeliveryPath;
  readonly answers: Answers;
  readonly receiving: Receiving;
  readonly sending: Sending;
  readonly connections: Connections;
  readonly faults: Faults;
  readonly kafka: Kafka | null;
  readonly intervals: Intervals;
  readonly churn: Churn;
}

/**
 * Begins the work of a job that has waited at a station. What waits there as an event that the station did not get to is the same event's
 * second half.
 */
export function createBegin(
  { path, delivery, answers, receiving, connections, kafka }: Handlers,
  context: Context,
): Begin {
  const { events, stations, watching, draw } = context;
  const copyBegins = (copy: number, station: number): void => {
    if (watching.ofCopy[copy] !== 0)
      watching.copyRow(events.nowUs(), KIND.begin, station, NO_NODE, copy, station);
  };
  return (kind, a, b, c, station) => {
    switch (kind) {
      case EVENT.NOTIFY:
        copyBegins(a, station);
        delivery.begin(a, b, c);
        return;
      case EVENT.HEARTBEAT:
        connections.beginHeartbeat(a, b, station);
        return;
      case EVENT.CONNECTED:
        connections.beginConnected(a, c, station);
        return;
      case EVENT.RESUME_AT_DATABASE:
        connections.beginResume(a, c);
        return;
      case EVENT.SUBSCRIBE_AT_SERVER:
        connections.beginSubscribe(a, c, station);
        return;
      case EVENT.HISTORY_READ:
        receiving.beginRead(a, b, c);
        return;
      case EVENT.REDELIVER:
        delivery.beginAgain(a);
        return;
      case EVENT.DELIVERY_AT_GATEWAY:
        delivery.beginAtGateway(a, b, c, station);
        return;
      case EVENT.ANSWER_AT_GATEWAY:
        answers.begin(a, b, station);
        return;
      case EVENT.RECORD_FOR_NOBODY:
        stations.serve(station, events.nowUs(), draw.notify(a, b));
        return;
      case EVENT.RECORDS_HANDLED:
        if (stations.serve(station, events.nowUs(), 0) !== DOWN) kafka?.handled(a, b, c);
        return;
      case EVENT.CLUSTER_BUS:
        stations.serve(station, events.nowUs(), b);
        return;
      default:
        copyBegins(a, station);
        path.begin(kind, a);
    }
  };
}

export type EventDispatch = (kind: number, a: number, b: number, c: number) => void;

/** Hands an event to the component that handles its kind. An integer switch: the fastest dispatch measured. */
export function createDispatch(handlers: Handlers, context: Context, before?: EventDispatch): EventDispatch {
  const handle = handlerOf(handlers, context);
  if (before === undefined) return handle;
  return (kind, a, b, c) => {
    before(kind, a, b, c);
    handle(kind, a, b, c);
  };
}

function handlerOf(handlers: Handlers, context: Context): EventDispatch {
  const { stations } = context;
  const begin = createBegin(handlers, context);
  const { path, delivery, answers, receiving, sending, connections, faults, kafka, intervals, churn } =
    handlers;
  return (kind, a, b, c) => {
    switch (kind) {
      case EVENT.DELIVER:
        receiving.deliver(a, b, c);
        break;
      case EVENT.NOTIFY:
        delivery.notify(a, b, c);
        break;
      case EVENT.USER_TICK:
        sending.tick(a);
        break;
      case EVENT.HEARTBEAT:
        connections.heartbeat(a, c);
        break;
      case EVENT.POLL_HELD:
        connections.pollHeld(a, c);
        break;
      case EVENT.GATEWAY_ARRIVE:
        path.gatewayArrive(a);
        break;
      case EVENT.GATEWAY_DEPART:
        path.gatewayDepart(a);
        break;
      case EVENT.NEXT_JOB:
        stations.next(a, begin);
        break;
      case EVENT.SERVER_ARRIVE:
        path.serverArrive(a);
        break;
      case EVENT.SERVER_DEPART:
        path.serverDepart(a);
        break;
      case EVENT.LIMITER_ARRIVE:
        path.limiterArrive(a);
        break;
      case EVENT.LIMITER_DEPART:
        path.limiterDepart(a);
        break;
      case EVENT.LIMITER_BACK:
        path.limiterBack(a);
        break;
      case EVENT.LIMITER_TIMEOUT:
        path.limiterTimeout(a);
        break;
      case EVENT.HELD:
        path.held(a, b);
        break;
      case EVENT.SERVICE_ARRIVE:
        path.serviceArrive(a);
        break;
      case EVENT.SERVICE_DEPART:
        path.serviceDepart(a);
        break;
      case EVENT.DATABASE_ARRIVE:
        path.databaseArrive(a);
        break;
      case EVENT.DATABASE_DEPART:
        path.databaseDepart(a);
        break;
      case EVENT.SERVICE_BACK:
        path.serviceBack(a);
        break;
      case EVENT.BROKER_ARRIVE:
        path.brokerArrive(a);
        break;
      case EVENT.BROKER_DEPART:
        path.brokerDepart(a);
        break;
      case EVENT.ACK_AT_SERVER:
        path.ackAtServer(a);
        break;
      case EVENT.ACK_AT_CLIENT:
        sending.acknowledged(a);
        break;
      case EVENT.NACK_AT_CLIENT:
        sending.refused(a);
        break;
      case EVENT.OUTGOING_TIMER:
        sending.timer(a);
        break;
      case EVENT.HEARTBEAT_TIMEOUT:
        connections.heartbeatTimeout(a, c);
        break;
      case EVENT.CONNECTION_LOST:
        connections.lost(a, c);
        break;
      case EVENT.CONNECT:
      case EVENT.RETURN:
        connections.connect(a);
        break;
      case EVENT.CONNECT_AT_GATEWAY:
        connections.connectAtGateway(a, c);
        break;
      case EVENT.CONNECT_REFUSED:
        connections.refused(a, c);
        break;
      case EVENT.CONNECT_ACCEPTED:
        connections.accepted(a, c);
        break;
      case EVENT.CONNECTED:
        connections.connected(a, c);
        break;
      case EVENT.RESUME_AT_DATABASE:
        connections.resumeAtDatabase(a, c);
        break;
      case EVENT.RESUMED:
        connections.resumed(a, b, c);
        break;
      case EVENT.GAP_TIMEOUT:
        receiving.gapTimeout(a, b, c);
        break;
      case EVENT.BACKFILLED:
        receiving.backfilled(a, b, c);
        break;
      case EVENT.CHURN:
        churn.happen(a);
        break;
      case EVENT.CONSUMER_POLL:
        kafka?.poll(a, b, c);
        break;
      case EVENT.CONSUMER_COMMIT:
        kafka?.commit(a, c);
        break;
      case EVENT.RESTART:
        faults.restartDue(a, b);
        break;
      case EVENT.SLOW_ENDS:
        faults.slowEnds(a, b);
        break;
      case EVENT.LINK_ENDS:
        faults.linkEnds(a, b);
        break;
      case EVENT.SEQUENCER_ARRIVE:
        path.sequencer.arrive(a);
        break;
      case EVENT.SEQUENCER_DEPART:
        path.sequencerDepart(a);
        break;
      case EVENT.SEQUENCER_BACK:
        path.sequencerBack(a);
        break;
      case EVENT.REDELIVER:
        delivery.redeliver(a);
        break;
      case EVENT.RELAY:
        path.outbox.relay(a);
        break;
      case EVENT.NEXT_IN_LINE:
        sending.nextInLine(a);
        break;
      case EVENT.SUBSCRIBE_AT_SERVER:
        connections.subscribeAtServer(a, c);
        break;
      case EVENT.SUBSCRIBED:
        connections.subscribed(a, c);
        break;
      case EVENT.DELIVERY_AT_GATEWAY:
        delivery.atGateway(a, b, c);
        break;
      case EVENT.ANSWER_AT_GATEWAY:
        answers.atGateway(a, b);
        break;
      case EVENT.INTERVAL:
        intervals.end(a);
        break;
    }
  };
}
