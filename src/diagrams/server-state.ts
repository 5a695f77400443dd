import type { Design } from '../system/design/design.ts';
import { flowWriter } from './flowchart-text.ts';
import { escapeText, lines } from './mermaid-text.ts';

/**
 * Stateful and stateless WebSocket servers side by side: where connection state lives, how a message finds the right server, what a
 * crash takes along. `chosen` marks what a design does; null marks none.
 */
export function serverState(chosen: Design['servers']['state'] | null): string {
  const w = flowWriter('LR');
  const text = (...of: readonly string[]): string => lines(...of.map((line) => escapeText(line)));
  const mark = (state: Design['servers']['state']): string => (state === chosen ? ' (this design)' : '');

  const stateful = w.group(
    text(`Stateful servers${mark('local')}`),
    () => {
      const alice = w.node('round', text('alice'));
      const bob = w.node('round', text('bob'));
      const balancer = w.node('box', text('Load balancer', 'keeps each client on its server'));
      const one = w.node(
        'box',
        text('ws-server-1', 'alice \u2192 connection 17', '#general \u2192 alice', 'alice has seen 41'),
      );
      const two = w.node(
        'box',
        text('ws-server-2', 'bob \u2192 connection 5', '#general \u2192 bob', 'bob has seen 42'),
      );
      const pubsub = w.node('channel', text('Pub/sub, #general \u2192', 'ws-server-1, ws-server-2'));
      const crash = w.node(
        'round',
        text('ws-server-1 dies', 'its clients must say what they had', 'and what they have seen'),
      );
      w.edge(alice, balancer, 'both');
      w.edge(bob, balancer, 'both');
      w.edge(balancer, one, 'both', text('sticky'));
      w.edge(balancer, two, 'both', text('sticky'));
      w.edge(pubsub, one, 'fan-out', text('notify'));
      w.edge(pubsub, two, 'fan-out', text('notify'));
      w.edge(one, crash, 'subscribe', text('state is lost'));
    },
    'TB',
  );
  const stateless = w.group(
    text(`Stateless servers, external state${mark('external')}`),
    () => {
      const alice = w.node('round', text('alice'));
      const bob = w.node('round', text('bob'));
      const balancer = w.node('box', text('Load balancer', 'any server will do'));
      const one = w.node('box', text('ws-server-1', 'holds the sockets only'));
      const two = w.node('box', text('ws-server-2', 'holds the sockets only'));
      const pubsub = w.node('channel', text('Pub/sub, #general \u2192', 'ws-server-1, ws-server-2'));
      const store = w.node(
        'store',
        text('Session store', 'alice \u2192 ws-server-1, has seen 41', 'bob \u2192 ws-server-2, has seen 42'),
      );
      const crash = w.node(
        'round',
        text('ws-server-1 dies', 'any server looks alice up', 'and goes on after 41'),
      );
      w.edge(alice, balancer, 'both');
      w.edge(bob, balancer, 'both');
      w.edge(balancer, one, 'both');
      w.edge(balancer, two, 'both');
      w.edge(pubsub, one, 'fan-out', text('notify'));
      w.edge(pubsub, two, 'fan-out', text('notify'));
      w.edge(one, store, 'both', text('look up'));
      w.edge(two, store, 'both', text('look up'));
      w.edge(store, crash, 'subscribe', text('state is kept'));
    },
    'TB',
  );
  w.edge(stateful, stateless, 'hidden');
  return w.text();
}
