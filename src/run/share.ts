import type { GuaranteeName } from '../scenario/guarantee-names.ts';
import { parseScenario } from '../scenario/parse.ts';
import type { Scenario } from '../scenario/types.ts';
import { VERSION } from '../scenario/version.ts';
import { type ChoiceList, listedChoices } from './choice-list.ts';
import { createRun, type HandAction, type Run, type RunOptions } from './run.ts';
import { type SharedRun, TOKEN_FILE, writeToken } from './token.ts';

/** From a run to a token, and back. */

/** Where `npm start` serves the page. */
const PAGE_ADDRESS = 'http://localhost:4173/';

/** The link that opens a token in the page, at the moment that it names, with the promise marked that is broken there. */
export const pageLink = (token: string, page: string = PAGE_ADDRESS, broken?: BrokenPromise): string =>
  `${page}#x=${token}${broken === undefined ? '' : `&p=sequence&broken=${broken.name},${broken.sinceUs}`}`;

export interface BrokenPromise {
  readonly name: string;
  /** When it was broken first. */
  readonly sinceUs: number;
}

/** How a run goes beyond its scenario, and the moment of it that is shown. */
export interface RunTold {
  readonly hand?: readonly HandAction[];
  readonly choices?: ChoiceList | null;
  readonly timeUs?: number;
  /** What was found broken in it. */
  readonly about?: GuaranteeName | null;
}

export function tokenOf(scenario: Scenario, told: RunTold = {}): string {
  const { text, overrides } = scenario.source;
  const { hand = [], choices = null, timeUs = 0, about = null } = told;
  return writeToken({ version: VERSION, text, overrides, seed: null, hand, choices, timeUs, about });
}

/** The scenario of a token. Throws InputError with one line for each problem of its text. */
export function scenarioOfToken({ text, overrides, seed }: SharedRun): Scenario {
  const own = seed === null ? [] : [{ kind: 'seed' as const, path: 'seed', value: seed }];
  return parseScenario(text, TOKEN_FILE, [...overrides, ...own]);
}

/** Begins the run that is told of. Throws as `createRun` does. */
export function startShared(scenario: Scenario, told: RunTold, options: RunOptions = {}): Run {
  const { hand = [], choices = null } = told;
  return createRun(scenario, {
    ...options,
    hand,
    ...(choices === null ? {} : { choices: listedChoices(choices) }),
  });
}
