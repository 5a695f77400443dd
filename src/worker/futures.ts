import { InputError } from '../base/errors.ts';
import { curveOfFutures, type FuturesCurve, FuturesError, type MomentFutures } from '../futures/futures.ts';
import type { GuaranteeName } from '../scenario/guarantee-names.ts';
import { parseScenario } from '../scenario/parse.ts';
import { overridesOf } from './engine.ts';
import { problemOnPage, sentenceOf } from './host.ts';
import type { Request } from './protocol.ts';

export type { FuturesCurve, MomentFutures };

/** Which promise of which run: the run is opened anew, beside the one that plays. */
export interface FuturesRequest {
  readonly opening: Extract<Request, { type: 'open' }>;
  readonly guarantee: string;
}

export type FuturesReply =
  | { readonly type: 'progress'; readonly share: number }
  | { readonly type: 'curve'; readonly curve: FuturesCurve }
  /** One sentence says why not, and what would do. */
  | { readonly type: 'refused'; readonly why: string };

/** How often whoever asked is told how far it is. */
const PROGRESS_MS = 100;

/** Tries the futures of a run, and answers once with a curve or a refusal. Never throws. `now` is a clock in milliseconds. */
export function answerFutures(
  { opening, guarantee }: FuturesRequest,
  post: (reply: FuturesReply) => void,
  now: () => number,
): void {
  try {
    const scenario = parseScenario(opening.text, opening.fileName, overridesOf(opening));
    const { hand, choices = null } = opening;
    const steps = curveOfFutures(scenario, { guarantee: guarantee as GuaranteeName, hand, choices });
    let toldMs = now();
    for (;;) {
      const step = steps.next();
      if (step.done === true) {
        post({ type: 'curve', curve: step.value });
        return;
      }
      if (now() - toldMs < PROGRESS_MS) continue;
      toldMs = now();
      post({ type: 'progress', share: step.value });
    }
  } catch (error) {
    const why =
      error instanceof FuturesError
        ? error.message
        : error instanceof InputError
          ? error.problems.map(problemOnPage).join('; ')
          : sentenceOf(error);
    post({ type: 'refused', why });
  }
}
