import type { RateLimitAlgorithm } from '../../../algorithms/rate-limit/config.ts';
import { secondsText } from '../../../base/units.ts';
import { type Request, timesOf } from '../model/requests.ts';
import type { LimitSettings } from '../model/settings.ts';
import { horizonUs } from './geometry.ts';
import { disagreementsOf, type Lane, lanesOf } from './lanes.ts';

/** Requests with what every algorithm says to them: all that the picture, its words and its exports are made from. */
export interface Timeline {
  readonly source: 'lab' | 'run';
  readonly requests: readonly Request[];
  readonly timesUs: readonly number[];
  readonly settings: LimitSettings;
  readonly lanes: readonly Lane[];
  /** The lane that is drawn large. */
  readonly chosen: Lane;
  readonly disagreements: readonly number[];
  /** How far the curves go. */
  readonly untilUs: number;
  /** What a reader must know about where it comes from; empty when nothing. */
  readonly note: string;
}

/** What the student has made. */
export interface LabModel {
  readonly requests: readonly Request[];
  readonly settings: LimitSettings;
  readonly algorithm: RateLimitAlgorithm;
  /** The pattern that was loaded last, until a request is changed. */
  readonly pattern: string | null;
}

export function labTimeline({ requests, settings, algorithm }: LabModel): Timeline {
  const timesUs = timesOf(requests);
  const untilUs = horizonUs(timesUs, settings.windowUs);
  return { source: 'lab', requests, ...answered(settings, algorithm, timesUs, untilUs), untilUs, note: '' };
}

function answered(
  settings: LimitSettings,
  algorithm: RateLimitAlgorithm,
  timesUs: readonly number[],
  untilUs: number,
): Pick<Timeline, 'timesUs' | 'settings' | 'lanes' | 'chosen' | 'disagreements'> {
  const { lanes, disagreements } = lanesOf(settings, timesUs, untilUs);
  const chosen = lanes.find((lane) => lane.algorithm === algorithm) ?? lanes[0];
  if (chosen === undefined) throw new RangeError('no algorithm can run under these settings');
  return { timesUs, settings, lanes, chosen, disagreements };
}

/** What the picture is given of a run: a user's requests with the verdicts of the run's own limiter. */
export interface RunRequests {
  readonly name: string;
  readonly settings: LimitSettings;
  /** The run's algorithm. */
  readonly algorithm: RateLimitAlgorithm;
  readonly requests: readonly { readonly timeUs: number; readonly allowed: boolean }[];
  /** Older ones that are not in the picture. */
  readonly leftOut: number;
  /** When the counter began; 0: with the run. */
  readonly sinceUs: number;
  readonly untilUs: number;
}

/** The verdicts of the run stand in the lane of the run's algorithm; the other lanes say what they would have said to the same requests. */
export function runTimeline(run: RunRequests, chosen: RateLimitAlgorithm): Timeline {
  const timesUs = run.requests.map(({ timeUs }) => timeUs);
  const found = answered(run.settings, chosen, timesUs, run.untilUs);
  let otherwise = 0;
  const lanes = found.lanes.map((lane) => {
    if (lane.algorithm !== run.algorithm) return lane;
    const decisions = lane.decisions.map((decision, i) => {
      const { allowed } = run.requests[i]!;
      if (decision.allowed === allowed) return decision;
      otherwise++;
      const words = `the run ${allowed ? 'allowed' : 'refused'} it; from the requests in this picture alone: ${decision.words}`;
      return { ...decision, allowed, words };
    });
    return { ...lane, decisions, allowed: decisions.filter(({ allowed }) => allowed).length };
  });
  const notes = [
    run.sinceUs > 0
      ? `The counter belongs to the connection, which began at ${secondsText(run.sinceUs)} s.`
      : '',
    run.leftOut > 0 ? `${run.leftOut} earlier requests are left out.` : '',
    otherwise > 0
      ? `The run decided ${otherwise} otherwise than these requests alone explain: its counter knew earlier ones, counts others too, or began anew.`
      : '',
  ];
  return {
    source: 'run',
    requests: timesUs.map((timeUs, i) => ({ id: run.leftOut + i + 1, timeUs })),
    ...found,
    lanes,
    chosen: lanes.find(({ algorithm }) => algorithm === found.chosen.algorithm) ?? found.chosen,
    disagreements: disagreementsOf(lanes, timesUs.length),
    untilUs: run.untilUs,
    note: notes.filter((note) => note !== '').join(' '),
  };
}
