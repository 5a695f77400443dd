import type { Command } from 'commander';
import { UserError } from '../base/errors.ts';
import type { CommandIo } from './io.ts';
import { IS_SOURCE } from './thread-start.ts';

/** Adds the verb `bench`. It measures and judges nothing: a goal that is missed is said in its row, and the status is 0. */
export function registerBench(program: Command, io: CommandIo): void {
  program
    .command('bench')
    .description("measure the kernel's and the system's speed")
    .option('--json', 'one JSON document')
    .option('--quick', 'fewer rounds: enough to see the ratios')
    .action(async (options: { readonly json?: true; readonly quick?: true }) => {
      if (!IS_SOURCE)
        throw new UserError(
          'it measures beside packages that only the repository installs; clone it, and write npm run bench',
        );
      // Loaded here: the measurements bring their contenders with them, which `--help` does not need.
      const { formatBench, runBench } = await import('../bench/bench.ts');
      const report = await runBench({ quick: options.quick === true });
      io.out(options.json === true ? JSON.stringify(report) : formatBench(report));
      io.exit(0);
    });
}
