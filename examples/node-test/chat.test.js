import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertSystem } from 'fanout/testkit';
import { guarantees, start } from '../chat-server.js';

test('the chat server keeps what it promises', () => assertSystem(start('when-shown'), { guarantees }));

test('the mistake is found, and made as small as it gets', async () => {
  const error = await assertSystem(start('when-queued'), { guarantees, seed: 1 }).catch((thrown) => thrown);
  assert.match(error.message, /no-loss is violated/);
  assert.match(error.message, /1\. \w+ sends to c\d \| \w+ disconnects\n\n/);
});
