import { CapacityError, formatProblem, type Problem, UserError } from '../base/errors.ts';
import type { Reply } from './protocol.ts';

/** What the engine needs of the thread that it runs in. */
export interface EngineHost {
  /** Buffers in `transfer` are handed over. */
  post(reply: Reply, transfer: readonly ArrayBuffer[]): void;
  /** Wall clock in milliseconds. */
  now(): number;
  /** Calls back after so many milliseconds; requests that have come meanwhile are received first. */
  later(callback: () => void, afterMs: number): void;
}

/** A problem as the page tells it: what a link lays over a scenario is called by its name, and not by the flag of the command line. */
export function problemOnPage(problem: Problem): string {
  const { file, message } = problem;
  if (!file.startsWith('--')) return formatProblem(problem);
  return file === '--set' ? message : `${LAID_OVER[file] ?? file.slice(2)}: ${message}`;
}

const LAID_OVER: Readonly<Record<string, string>> = {
  '--users': 'the number of users in the link',
  '--seed': 'the seed in the link',
  '--for': 'the duration in the link',
};

/** What stopped the run, in a sentence. What is no fault of the input is a defect, and says so. */
export function sentenceOf(error: unknown): string {
  if (error instanceof CapacityError || error instanceof UserError) return error.message;
  const message = error instanceof Error ? error.message : String(error);
  return `this is a defect of Fanout; please report it: ${message}`;
}
