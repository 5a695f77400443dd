#!/usr/bin/env node
import type { CommandIo } from './io.ts';
import { runCommandLine } from './program.ts';

/** The command `fanout`: the process's arguments, streams and exit status. */

const withNewline = (text: string): string => (text.endsWith('\n') ? text : `${text}\n`);

const io: CommandIo = {
  out: (text) => process.stdout.write(withNewline(text)),
  err: (text) => process.stderr.write(withNewline(text)),
  // The process ends by itself when the streams have taken everything; process.exit would cut a long document off in a pipe.
  exit: (status) => {
    process.exitCode = status;
  },
};

// A reader that has seen enough (`fanout run ... | head`) closes the pipe: that is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

await runCommandLine(process.argv.slice(2), io);
