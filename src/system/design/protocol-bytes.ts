import type { Protocol } from './design.ts';

/**
 * Bytes that the protocol adds to a message. WebSocket: the frame header for payloads of 126 to 65,535 bytes, masked on the way
 * up (RFC 6455, 5.2). SSE: `data: ` and two newlines down (WHATWG HTML 9.2), an HTTP request with 650 B of metadata up. Long polling:
 * a response and the next request for each message down, a request up (hpbn.co/websocket: 500-800 B).
 */
export function headerBytesOf(protocol: Protocol): { readonly up: number; readonly down: number } {
  switch (protocol) {
    case 'websocket':
      return { up: 8, down: 4 };
    case 'sse':
      return { up: 650, down: 8 };
    case 'long-polling':
      return { up: 650, down: 1300 };
  }
}
