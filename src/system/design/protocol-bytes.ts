import type { Protocol } from './design.ts';

/**
 * What goes over the wire between a client and the system, byte for byte: the text in the frame, event or request of its protocol, that in TLS
 * records, these in TCP segments. Each message is written by itself, so it has records and segments of its own. Not counted: acknowledgements of
 * TCP that carry nothing, its handshake and that of TLS with its certificates, and what a link below IP adds.
 */

/** RFC 8446, 5.1 and 5.2: a record holds at most 2^14 bytes, and has a header of 5, a content type of 1 and the tag of an AES-GCM cipher, 16. */
const RECORD_BYTES = 2 ** 14;
const RECORD_OVERHEAD_BYTES = 5 + 1 + 16;
/**
 * RFC 9293, RFC 791: 20 bytes each for the headers of TCP and IPv4; RFC 7323: timestamps, which Linux, Android, macOS and iOS switch on, take 12
 * more, of the 1,460 that an Ethernet frame leaves to a segment.
 */
const TIMESTAMP_BYTES = 12;
const SEGMENT_BYTES = 1_460 - TIMESTAMP_BYTES;
const SEGMENT_OVERHEAD_BYTES = 40 + TIMESTAMP_BYTES;
/** HTTP headers of a request: 500-800 B and cookies (hpbn.co/websocket); those of an answer: as many, an assumption. */
const HTTP_HEADER_BYTES = 650;
/** `data: ` and two newlines (WHATWG HTML, 9.2). */
const EVENT_FRAME_BYTES = 8;
/** A comment line with the newline that ends it (WHATWG HTML, 9.2). */
const COMMENT_BYTES = 3;

/** RFC 6455, 5.2: two bytes, a length of 16 or 64 bits behind them where seven bits do not hold it, and on the way up four of a mask. */
export function frameHeaderBytes(payloadBytes: number, isMasked: boolean): number {
  const lengthBytes = payloadBytes < 126 ? 0 : payloadBytes < 65_536 ? 2 : 8;
  return 2 + lengthBytes + (isMasked ? 4 : 0);
}

/** Bytes in IP packets for so many bytes that an application writes at once. */
export function wireBytes(bytes: number): number {
  const encrypted = bytes + Math.ceil(bytes / RECORD_BYTES) * RECORD_OVERHEAD_BYTES;
  return encrypted + Math.ceil(encrypted / SEGMENT_BYTES) * SEGMENT_OVERHEAD_BYTES;
}

/** Bytes on the wire, by what they are for. Arguments: bytes of the text. */
export interface ProtocolBytes {
  /** A message of a client. */
  up(bytes: number): number;
  /** What it is answered: where messages go up as HTTP requests, the answer of the request. */
  answer(bytes: number): number;
  /** A message that a server sends by itself. */
  down(bytes: number): number;
  /** Long polling: what a message adds to an answer that has others in it. Records and segments that it fills have a header each. */
  joined(bytes: number): number;
  /** So many messages of the history at once, `bytes` each. */
  history(messages: number, bytes: number): number;
  /** A sign of life: ping and pong, a comment line, or a request and its empty answer. */
  readonly beatUp: number;
  readonly beatDown: number;
  /** Opens a connection: the request, and its answer. */
  readonly openUp: number;
  readonly openDown: number;
}

/** A browser's upgrade to a WebSocket, and the answer of RFC 6455, 1.2. */
const UPGRADE_UP_BYTES = 550;
const UPGRADE_DOWN_BYTES = 159;

export function protocolBytes(protocol: Protocol): ProtocolBytes {
  const overHttp = (bytes: number): number => wireBytes(HTTP_HEADER_BYTES + bytes);
  const request = overHttp(0);
  const joined = (bytes: number): number =>
    bytes +
    Math.floor(bytes / RECORD_BYTES) * RECORD_OVERHEAD_BYTES +
    Math.floor(bytes / SEGMENT_BYTES) * SEGMENT_OVERHEAD_BYTES;
  const http = {
    joined,
    up: overHttp,
    answer: overHttp,
    history: (messages: number, bytes: number) => overHttp(messages * bytes),
    openUp: request,
  };
  switch (protocol) {
    case 'websocket': {
      const down = (bytes: number): number => bytes + frameHeaderBytes(bytes, false);
      return {
        joined,
        up: (bytes) => wireBytes(bytes + frameHeaderBytes(bytes, true)),
        answer: (bytes) => wireBytes(down(bytes)),
        down: (bytes) => wireBytes(down(bytes)),
        history: (messages, bytes) => wireBytes(messages * down(bytes)),
        beatUp: wireBytes(frameHeaderBytes(0, true)),
        beatDown: wireBytes(frameHeaderBytes(0, false)),
        openUp: wireBytes(UPGRADE_UP_BYTES),
        openDown: wireBytes(UPGRADE_DOWN_BYTES),
      };
    }
    case 'sse':
      return {
        ...http,
        down: (bytes) => wireBytes(bytes + EVENT_FRAME_BYTES),
        beatUp: 0,
        beatDown: wireBytes(COMMENT_BYTES),
        openDown: request,
      };
    case 'long-polling':
      // A request that waits is answered with the next message, or with nothing, and asked again.
      // The first is what opens the connection.
      return { ...http, down: overHttp, beatUp: request, beatDown: request, openUp: 0, openDown: 0 };
  }
}
