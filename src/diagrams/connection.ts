import { formatDuration, US_PER_SECOND } from '../base/units.ts';
import type { Design, Protocol } from '../system/design/design.ts';
import { escapeText, lines, type SequenceWriter, sequenceWriter } from './mermaid-text.ts';

/** What the picture tells of coming back. */
type Reconnect = Pick<Design['reconnect'], 'backoff' | 'baseUs' | 'capUs' | 'resume'>;

export interface ConnectionOptions {
  /** From a design; the usual figures when left out. */
  readonly heartbeat?: Design['heartbeat'];
  readonly longPolling?: Design['longPolling'];
  readonly reconnect?: Reconnect;
}

/** Centrifugo's ping every 25 s and 8 s of patience. */
const HOLD_US = 30 * US_PER_SECOND;
const HEARTBEAT: Design['heartbeat'] = { intervalUs: 25 * US_PER_SECOND, timeoutUs: 8 * US_PER_SECOND };
/** Full jitter with a base of 1 s and a cap of 30 s. */
const RECONNECT: Reconnect = {
  backoff: 'full-jitter',
  baseUs: US_PER_SECOND,
  capUs: 30 * US_PER_SECOND,
  resume: true,
};

/**
 * The life of a client's connection as a sequence diagram: how many round trips (RTT) it takes to open, what a message costs, how it is
 * kept alive, what happens when it is lost.
 *
 * Figures: RFC 6455 (WebSocket: handshake and frame headers), RFC 8446 (TLS 1.3: 1 RTT), the HTML standard 9.2 (server-sent events),
 * RFC 6202 (long polling: time-out, latency), hpbn.co (size of HTTP headers).
 */
export function connectionLifecycle(protocol: Protocol, options: ConnectionOptions = {}): string {
  const w = sequenceWriter();
  const client = w.participant(lines('Client', 'web or mobile'));
  const server = w.participant(lines(SERVER[protocol], 'behind the load balancer'));
  const both = {
    w,
    client,
    server,
    heartbeat: options.heartbeat ?? HEARTBEAT,
    hold: formatDuration(options.longPolling?.holdUs ?? HOLD_US),
    reconnect: options.reconnect ?? RECONNECT,
  };
  w.note(client, server, text(`Opening takes ${OPENING[protocol]}`));
  ask(both, 'TCP: SYN', 'SYN, ACK (1 RTT)');
  ask(both, 'TLS 1.3: ClientHello', 'ServerHello, certificate, Finished (1 RTT; TLS 1.2 takes 2)');
  LIVES[protocol](both);
  return w.text();
}

interface Both {
  readonly w: SequenceWriter;
  readonly client: string;
  readonly server: string;
  readonly heartbeat: Design['heartbeat'];
  readonly hold: string;
  readonly reconnect: Reconnect;
}

const SERVER: Readonly<Record<Protocol, string>> = {
  websocket: 'WebSocket server',
  sse: 'Event-stream server',
  'long-polling': 'Polling server',
};
const OPENING: Readonly<Record<Protocol, string>> = {
  websocket: '3 RTT before the first message, both ways',
  sse: '3 RTT before the first event, down only',
  'long-polling': '3 RTT before the first answer',
};
const LIVES: Readonly<Record<Protocol, (both: Both) => void>> = {
  websocket,
  sse,
  'long-polling': longPolling,
};

/** Our own words: escaped, never shortened. A vertical bar begins a new line. */
const text = (words: string): string => lines(...words.split('|').map((line) => escapeText(line)));

function ask({ w, client, server }: Both, question: string, answer: string): void {
  w.arrow(client, server, 'call', text(question));
  w.arrow(server, client, 'reply', text(answer));
}

function websocket(both: Both): void {
  const { w, client, server, heartbeat } = both;
  ask(
    both,
    'GET /chat|Upgrade: websocket, Sec-WebSocket-Key',
    '101 Switching Protocols|Sec-WebSocket-Accept (1 RTT)',
  );
  w.activate(client);
  w.activate(server);
  w.note(
    client,
    server,
    text('Open: one connection, both directions,|a frame costs 2 to 14 bytes of header'),
  );
  w.arrow(client, server, 'call', text('message (6 B of header up to 125 B, masked)'));
  w.arrow(server, client, 'call', text('delivery (2 B of header up to 125 B)'));
  w.frame('loop', text(`every ${formatDuration(heartbeat.intervalUs)}`), () => {
    w.arrow(server, client, 'call', text('ping (2 B)'));
    w.arrow(client, server, 'reply', text('pong (6 B)'));
  });
  w.frame('opt', text('closed on purpose'), () => {
    ask(both, 'close 1000', 'close 1000, then TCP FIN');
  });
  w.frame('opt', text('lost'), () => {
    w.arrow(server, client, 'lost', text(`ping: no pong in ${formatDuration(heartbeat.timeoutUs)}`));
    comeBack(both, 'the last message it has seen');
  });
  w.deactivate(server);
  w.deactivate(client);
}

function sse(both: Both): void {
  const { w, client, server } = both;
  ask(both, 'GET /events|Accept: text/event-stream', '200, text/event-stream,|the answer never ends (1 RTT)');
  w.activate(client);
  w.activate(server);
  w.note(
    client,
    server,
    text('Open: the server can speak at any time,|an event costs 8 B of framing and its id'),
  );
  w.arrow(server, client, 'call', text('id: 42, data: delivery'));
  w.frame('loop', text('every 15 s'), () => {
    w.arrow(server, client, 'call', text('a comment line, so that no proxy cuts it'));
  });
  w.note(client, server, text('Up: each message is a request of its own,|500 to 800 B of headers'));
  ask(both, 'POST /messages', '202 (1 RTT)');
  w.frame('opt', text('lost'), () => {
    w.arrow(server, client, 'lost', text('id: 43, data: delivery'));
    w.note(client, client, text('waits about 3 s, then reconnects by itself'));
    ask(both, 'GET /events|Last-Event-ID: 42', '200, id: 43, data: what it missed');
  });
  w.deactivate(server);
  w.deactivate(client);
}

function longPolling(both: Both): void {
  const { w, client, server, hold } = both;
  w.frame('loop', text('one request after the other, 500 to 800 B of headers each'), () => {
    w.arrow(client, server, 'call', text('GET /poll?after=41'));
    w.activate(server);
    w.note(server, server, text(`holds the request until there is|a message, at most ${hold}`));
    w.arrow(server, client, 'reply', text('200, message 42 (1 RTT and the wait)'));
    w.deactivate(server);
    w.note(
      client,
      server,
      text(
        'No request is open now: what comes waits for the next one.|Late by about 1 transit on average, by over 3 at most',
      ),
    );
  });
  w.note(client, server, text('Up: each message is a request of its own'));
  ask(both, 'POST /messages', '202 (1 RTT)');
  w.frame('opt', text(`nothing to say for ${hold}`), () => {
    ask(both, 'GET /poll?after=42', '200, empty: ask again');
  });
  w.frame('opt', text('lost'), () => {
    w.arrow(server, client, 'lost-reply', text('200, message 43'));
    comeBack(both, '/poll?after=42');
  });
}

function comeBack(both: Both, from: string): void {
  const { w, client, reconnect } = both;
  const { backoff, baseUs, capUs, resume } = reconnect;
  const waits =
    backoff === 'none'
      ? 'reconnects at once'
      : `waits: ${backoff}, ${formatDuration(baseUs)} up to ${formatDuration(capUs)}`;
  w.note(client, client, text(waits));
  ask(
    both,
    `opens again (3 RTT)${resume ? `,|resumes after ${from}` : ''}`,
    resume ? 'what it missed' : 'only what comes from now on',
  );
}
