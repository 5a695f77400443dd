import { type LimiterRequest, limiterRequests } from '../../../diagrams/limiter-requests.ts';
import type { Structure } from '../../../worker/protocol.ts';
import { userName } from '../../names.ts';
import type { Stage } from '../../stage.ts';
import type { RunRequests } from '../drawing/timeline.ts';
import { MOST_REQUESTS } from './requests.ts';
import { settingsOf } from './settings.ts';
import { UserRows } from './user-rows.ts';

const NOBODY = -1;

/** What there is to follow in the run: a user's requests, or a sentence that says why there are none. */
export type Followed =
  | { readonly run: RunRequests; readonly nowUs: number; readonly why: null }
  | {
      readonly run: null;
      readonly nowUs: number;
      readonly why: string;
      /** A user whom the limiter has refused: one that is worth following. */
      readonly suggested: number | null;
    };

/** Reads the watched user's requests from the store; the same object as long as nothing but the clock has changed. */
export function createRunReader(stage: Stage): () => Followed {
  const ofUser = new UserRows();
  let kept: Followed = { run: null, nowUs: 0, why: '', suggested: null };
  let revision = -1;
  const read = (): Followed => {
    const { info, timeUs: nowUs, rows } = stage.store;
    const none = (why: string, suggested: number | null = null): Followed =>
      kept.run === null && kept.why === why && kept.suggested === suggested && kept.nowUs === nowUs
        ? kept
        : { run: null, nowUs, why, suggested };
    if (info === null) return none('No scenario is open: these are requests of your own.');
    const { inspection } = stage.store.summary.current;
    const selection = stage.selection.current;
    if (selection === null || (selection.kind !== 'user' && selection.kind !== 'seat')) {
      ofUser.update(rows, NOBODY);
      return none('Select a user to follow its requests in the running simulation.', ofUser.refused);
    }
    if (inspection == null || inspection.selection.kind !== 'user')
      return none('Asking the simulation for this user.');
    const { user } = inspection.selection;
    const window = inspection.structures.find(
      (structure): structure is Extract<Structure, { kind: 'window' }> => structure.kind === 'window',
    );
    if (window === undefined) return none('This scenario has no rate limiter to follow.');
    ofUser.update(rows, user);
    const { requests: all, sinceUs } = limiterRequests(
      ofUser.rows,
      user,
      window.placement,
      (node) => info.stations[node]?.kind,
    );
    const requests = all.slice(-MOST_REQUESTS);
    const before = kept.run;
    const settings = settingsOf(window.config);
    const same =
      before !== null &&
      before.name === userName(info, user) &&
      before.sinceUs === sinceUs &&
      before.algorithm === window.config.algorithm &&
      JSON.stringify(before.settings) === JSON.stringify(settings) &&
      sameRequests(before.requests, requests);
    if (same) return { run: before, nowUs, why: null };
    return {
      run: {
        name: userName(info, user),
        settings,
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
