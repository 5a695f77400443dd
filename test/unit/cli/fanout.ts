import { runCommandLine } from '../../../src/cli/program.ts';

/** Runs the command line in this process: what it prints, and the status it ends with. */
export async function fanout(...args: string[]) {
  let out = '';
  let err = '';
  let status = -1;
  await runCommandLine(args, {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    exit: (code) => {
      status = code;
    },
  });
  return { out, err, status };
}
