import { expect, it } from 'vitest';
import { DIAGRAMS, type DiagramInput, type DiagramName } from '../../../src/diagrams/registry.ts';
import { DEFAULT_DESIGN } from '../../../src/system/design/defaults.ts';
import { crossingMessages, groupMessage, privateMessage } from '../../unit/diagrams/trace-fixture.ts';

const draw = (kind: DiagramName, more: Partial<DiagramInput>): string =>
  DIAGRAMS[kind].draw({ design: DEFAULT_DESIGN, users: 1_000_000, ...privateMessage(), ...more });

/** Whole texts, so that a change of any diagram is seen as a change of a picture: `npx vitest run -u test/golden/diagrams` takes it over. */
it.each([
  ['message-flow-private', 'message-flow', {}],
  ['message-flow-group', 'message-flow', groupMessage(5_000, 98, { lostFor: [7, 77, 777], down: [3] })],
  ['message-flow-queue', 'message-flow', privateMessage({ chatUs: 60_000 })],
  ['ordering-crossing', 'ordering', crossingMessages(false)],
  ['ordering-buffered', 'ordering', crossingMessages(true)],
  ['fan-out', 'fan-out', {}],
  [
    'fan-out-mesh',
    'fan-out',
    { design: { ...DEFAULT_DESIGN, pubsub: { ...DEFAULT_DESIGN.pubsub, kind: 'none' } } },
  ],
  ['connection-websocket', 'connection', {}],
  ['connection-sse', 'connection', { design: { ...DEFAULT_DESIGN, protocol: 'sse' } }],
  ['connection-long-polling', 'connection', { design: { ...DEFAULT_DESIGN, protocol: 'long-polling' } }],
  ['server-state', 'server-state', {}],
] as const)('%s is drawn as before', async (file, kind, more) => {
  await expect(draw(kind, more)).toMatchFileSnapshot(`./${file}.mmd`);
});
