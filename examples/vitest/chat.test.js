import { assertSystem } from 'fanout/testkit';
import { expect, test } from 'vitest';
import { guarantees, start } from '../chat-server.js';

test('the chat server keeps what it promises', () => assertSystem(start('when-shown'), { guarantees }));

test('the mistake is found, and made as small as it gets', async () => {
  await expect(assertSystem(start('when-queued'), { guarantees, seed: 1 })).rejects.toThrow(
    /no-loss is violated[\s\S]*1\. \w+ sends to c\d \| \w+ disconnects\n\n/,
  );
});
