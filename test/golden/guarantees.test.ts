import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { expect, test } from 'vitest';
import { registerCheck } from '../../src/cli/check.ts';

/** The report of the verb `check` on each history of the folder. `vitest -u` writes them anew. */

const FOLDER = join(import.meta.dirname, 'guarantees');
const histories = readdirSync(FOLDER).filter((file) => file.endsWith('.jsonl'));

test.each(histories)('the report on %s is as it was', async (file) => {
  let out = '';
  const program = new Command('fanout');
  registerCheck(program, {
    out: (text) => {
      out += `${text}\n`;
    },
    err: (text) => expect.fail(text),
    exit: () => {},
  });
  await program.parseAsync(['check', join(FOLDER, file), '--limit', '5', '--window', '60s'], {
    from: 'user',
  });
  await expect(out.replace(FOLDER, '.')).toMatchFileSnapshot(join(FOLDER, file.replace('.jsonl', '.txt')));
});
