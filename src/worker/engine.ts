import { InputError, LargeWorldError, type Problem } from '../base/errors.ts';
import { formatDuration } from '../base/units.ts';
import type { HandAction, Run } from '../run/run.ts';
import { parseScenario } from '../scenario/parse.ts';
import type { Override, Scenario } from '../scenario/types.ts';
import { stationList } from '../system/design/stations.ts';
import { type EngineHost, problemOnPage, sentenceOf } from './host.ts';
import { handThere, nodesBetween, worldScenario } from './other-world.ts';
import type { Request } from './protocol.ts';
import { createSession, type Session } from './session.ts';
import { actionThere } from './world-choice.ts';

/**
 * The simulation as the page knows it: takes requests, gives replies. It needs no Worker, so tests drive it with a clock of their own.
 */
export interface Engine {
  /** Never throws: what goes wrong is a reply. */
  receive(request: Request): void;
  /** The run that is open: for whoever drives the engine without a page. */
  readonly run: Run | null;
}

export function createEngine(host: EngineHost): Engine {
  let session: Session | null = null;

  const fail = (error: unknown): void => {
    const mayConfirm = error instanceof LargeWorldError;
    host.post({ type: 'failed', message: sentenceOf(error), mayConfirm }, []);
  };

  const open = (request: Extract<Request, { type: 'open' }>): void => {
    session?.close();
    session = null;
    let scenario: Scenario;
    let hand = request.hand;
    let leftOut = 0;
    try {
      const asWritten = parseScenario(request.text, request.fileName, overridesOf(request));
      scenario = request.world == null ? asWritten : worldScenario(asWritten, request.world);
      if (request.world == null) refuseUnknownStations(asWritten, hand);
      hand = handThere(hand, nodesBetween(asWritten, scenario), () => leftOut++);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      host.post({ type: 'refused', problems: error.problems.map(problemOnPage) }, []);
      return;
    }
    session = createSession(scenario, { ...request, hand }, host);
    if (leftOut > 0) host.post({ type: 'declined', message: 'it has no such station' }, []);
  };

  return {
    get run() {
      return session?.run ?? null;
    },
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

/** A link that does something to a station that is not there is no link to this scenario. Throws InputError. */
function refuseUnknownStations(scenario: Scenario, hand: readonly HandAction[]): void {
  const nodeHere = nodesBetween(scenario, scenario);
  const problems: Problem[] = [];
  for (const { atUs, action } of hand) {
    const unknown: number[] = [];
    actionThere(action, (node) => {
      const here = nodeHere(node);
      if (here === null) unknown.push(node);
      return here;
    });
    const stations = stationList(scenario.design);
    const [first, last] = [stations[0], stations.at(-1)];
    for (const node of unknown)
      problems.push({
        file: scenario.source.fileName,
        line: 1,
        column: 1,
        message: `the link does "${action.do}" at ${formatDuration(atUs)} to station number ${node}, which is not there; stations are ${first?.node} (${first?.name}) to ${last?.node} (${last?.name})`,
      });
  }
  if (problems.length > 0) throw new InputError(problems);
}

/** What is laid over the text of a scenario that is opened. */
export function overridesOf({
  seed,
  users,
  overrides: laid = [],
}: Extract<Request, { type: 'open' }>): readonly Override[] {
  const overrides: Override[] = [...laid];
  if (users !== null) overrides.push({ kind: 'users', path: 'users', value: users });
  if (seed !== null) overrides.push({ kind: 'seed', path: 'seed', value: seed });
  return overrides;
}
