import { expect, test } from 'vitest';
import type { HistoryEvent } from '../../../src/guarantees/history.ts';
import { checkHistory } from '../../../src/guarantees/judge.ts';

test('a message shown in a channel that is not its own proves its request, as the history tells it', () => {
  const history: HistoryEvent[] = [
    { type: 'join', user: 'alice', channel: 'c1', time: 0 },
    { type: 'send', message: 'm1', user: 'alice', channel: 'c1', time: 0 },
    { type: 'deliver', message: 'm1', user: 'alice', channel: 'c2', time: 0 },
    { type: 'send', message: 'm2', user: 'alice', channel: 'c1', time: 1 },
    { type: 'deliver', message: 'm2', user: 'alice', channel: 'c1', time: 1 },
  ];
  const [verdict] = checkHistory(history, ['rate-bound'], { limit: 1, windowUs: 60_000_000 });
  expect(verdict?.verdict).toBe('violated');
  for (const event of verdict?.witness?.events ?? []) expect(history).toContainEqual(event);
  expect(verdict?.witness?.events).toHaveLength(4);
});
