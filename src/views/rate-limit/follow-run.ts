import { type LimiterRequest, limiterRequests } from '../../diagrams/limiter-requests.ts';
import type { Structure } from '../../worker/protocol.ts';
import { userName } from '../names.ts';
import type { Stage } from '../stage.ts';
import { MOST_REQUESTS } from './requests.ts';
import { settingsOf } from './settings.ts';
import type { RunRequests } from './timeline.ts';

/** What there is to follow in the run: a user's requests, or a sentence that says why there are none. */
export type Followed =
  | { readonly run: RunRequests; readonly nowUs: number; readonly why: null }
  | { readonly run: null; readonly nowUs: number; readonly why: string };

/** Reads the watched user's requests from the store; the same object as long as nothing but the clock has changed. */
export function createRunReader(stage: Stage): () => Followed {
  let kept: Followed = { run: null, nowUs: 0, why: '' };
  let revision = -1;
  const read = (): Followed => {
    const { info, timeUs: nowUs, rows } = stage.store;
    const none = (why: string): Followed => ({ run: null, nowUs, why });
    if (info === null) return none('No scenario is open: these are requests of your own.');
    const { inspection } = stage.store.summary.current;
    const selection = stage.selection.current;
    if (selection === null || (selection.kind !== 'user' && selection.kind !== 'seat'))
      return none('Select a user to follow its requests in the running simulation.');
    if (inspection == null || inspection.selection.kind !== 'user')
      return none('Asking the simulation for this user.');
    const { user } = inspection.selection;
    const window = inspection.structures.find(
      (structure): structure is Extract<Structure, { kind: 'window' }> => structure.kind === 'window',
    );
    if (window === undefined) return none('This scenario has no rate limiter to follow.');
    const { requests: all, sinceUs } = limiterRequests(
      rows,
      user,
      window.placement,
      (node) => info.stations[node]?.kind,
    );
    const requests = all.slice(-MOST_REQUESTS);
    const before = kept.run;
    const same =
      before !== null &&
      before.name === userName(info, user) &&
      before.sinceUs === sinceUs &&
      before.algorithm === window.config.algorithm &&
      sameRequests(before.requests, requests);
    if (same) return { run: before, nowUs, why: null };
    return {
      run: {
        name: userName(info, user),
        settings: settingsOf(window.config),
        algorithm: window.config.algorithm,
        requests,
        leftOut: all.length - requests.length,
        sinceUs,
        untilUs: info.durationUs + window.windowUs,
      },
      nowUs,
      why: null,
    };
  };
  return () => {
    if (stage.store.revision !== revision) {
      revision = stage.store.revision;
      kept = read();
    }
    return kept;
  };
}

const sameRequests = (a: readonly LimiterRequest[], b: readonly LimiterRequest[]): boolean =>
  a.length === b.length && a.every((one, i) => one.timeUs === b[i]!.timeUs && one.allowed === b[i]!.allowed);
