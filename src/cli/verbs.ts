import type { Command } from 'commander';
import type { CommandIo } from './io.ts';

/** A verb of the command line. Its module is loaded when it is asked for, so that each verb starts as fast as it can. */
export interface Verb {
  readonly name: string;
  register(program: Command, io: CommandIo): Promise<void>;
}

/** In the order in which the help lists them. To add a verb: a file that exports its `register`, and a line here. */
export const VERBS: readonly Verb[] = [
  { name: 'run', register: async (program, io) => (await import('./run.ts')).registerRun(program, io) },
  {
    name: 'scenarios',
    register: async (program, io) => (await import('./scenarios.ts')).registerScenarios(program, io),
  },
  {
    name: 'diagram',
    register: async (program, io) => (await import('./diagram.ts')).registerDiagram(program, io),
  },
  {
    name: 'rate-limit',
    register: async (program, io) => (await import('./rate-limit.ts')).registerRateLimit(program, io),
  },
  {
    name: 'replay',
    register: async (program, io) => (await import('./replay.ts')).registerReplay(program, io),
  },
  {
    name: 'explore',
    register: async (program, io) => (await import('./explore.ts')).registerExplore(program, io),
  },
  {
    name: 'sweep',
    register: async (program, io) => (await import('./sweep.ts')).registerSweep(program, io),
  },
  { name: 'check', register: async (program, io) => (await import('./check.ts')).registerCheck(program, io) },
  {
    name: 'bench',
    register: async (program, io) => (await import('./bench-verb.ts')).registerBench(program, io),
  },
];
