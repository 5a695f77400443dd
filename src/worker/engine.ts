import { CapacityError, formatProblem, InputError } from '../base/errors.ts';
import { parseScenario } from '../scenario/parse.ts';
import type { Override, Scenario } from '../scenario/types.ts';
import type { Reply, Request } from './protocol.ts';
import { createSession, type Session } from './session.ts';

/**
 * The simulation as the page knows it: takes requests, gives replies. It needs no Worker, so tests drive it with a clock of their own.
 */
export interface Engine {
  /** Never throws: what goes wrong is a reply. */
  receive(request: Request): void;
}

export interface EngineHost {
  /** Buffers in `transfer` are handed over. */
  post(reply: Reply, transfer: readonly ArrayBuffer[]): void;
  /** Wall clock in milliseconds. */
  now(): number;
  /** Calls back after so many milliseconds; requests that have come meanwhile are received first. */
  later(callback: () => void, afterMs: number): void;
}

export function createEngine(host: EngineHost): Engine {
  let session: Session | null = null;

  const fail = (error: unknown): void => {
    host.post({ type: 'failed', message: sentenceOf(error) }, []);
  };

  const open = (request: Extract<Request, { type: 'open' }>): void => {
    session?.close();
    session = null;
    let scenario: Scenario;
    try {
      scenario = parseScenario(request.text, request.fileName, overridesOf(request));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      host.post({ type: 'refused', problems: error.problems.map(formatProblem) }, []);
      return;
    }
    session = createSession(scenario, request, host);
  };

  return {
    receive(request) {
      try {
        if (request.type === 'open') open(request);
        else session?.receive(request);
      } catch (error) {
        fail(error);
      }
    },
  };
}

function overridesOf({ seed, users }: Extract<Request, { type: 'open' }>): readonly Override[] {
  const overrides: Override[] = [];
  if (users !== null) overrides.push({ kind: 'users', path: 'users', value: users });
  if (seed !== null) overrides.push({ kind: 'seed', path: 'seed', value: seed });
  return overrides;
}

/** What stopped the run, in a sentence. What is no fault of the input is a defect, and says so. */
export function sentenceOf(error: unknown): string {
  if (error instanceof CapacityError || error instanceof RangeError) return error.message;
  const message = error instanceof Error ? error.message : String(error);
  return message.startsWith('defect: ') ? message : `defect: ${message}`;
}
