import { type Decision, rateLimitDecisions } from '../algorithms/rate-limit/decisions.ts';
import { STATE_FLOWS } from '../algorithms/rate-limit/states.ts';
import { InputError, UserError } from '../base/errors.ts';
import { secondsText } from '../base/units.ts';
import { limiterRequests } from '../diagrams/limiter-requests.ts';
import { DIAGRAMS, type DiagramInput, type DiagramName } from '../diagrams/registry.ts';
import { createRun, defaultWatch } from '../run/run.ts';
import type { Scenario } from '../scenario/types.ts';
import { type RateLimit, rateLimitsOf } from '../system/design/design.ts';
import { namesOf, userByName } from '../system/design/names.ts';
import { stationList } from '../system/design/stations.ts';
import { channelCount, membersOf } from '../system/design/topology.ts';
import type { TraceRow } from '../trace/trace.ts';

/** A scenario, run where that is needed, as a diagram. */

const refusal = (flag: string, message: string): InputError =>
  new InputError([{ file: flag, line: 1, column: 1, message }]);

/** Mermaid text. Kinds that need a trace run the scenario to its end. Throws InputError, RangeError. */
export function drawDiagram(scenario: Scenario, kind: DiagramName, messageName: string | null): string {
  const { design, workload } = scenario;
  const base: DiagramInput = {
    design,
    rows: [],
    names: namesOf(design, workload),
    stations: stationList(design),
    users: workload.users,
    ...rateLimitInput(scenario, []),
  };
  if (DIAGRAMS[kind].needs === 'design') return DIAGRAMS[kind].draw(base);
  const message = messageName === null ? null : messageByName(scenario, messageName);
  if (kind === 'rate-limit') return drawTimeline(scenario, base, message?.sender ?? null);
  const run = createRun(scenario);
  const { watching, topology } = run.system.context;
  if (message !== null) {
    const list = defaultWatch(scenario, channelCount(topology));
    run.watch({ ...list, messages: [...list.messages, message] });
  }
  run.advance(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
  const rows = watching.tracer.rows();
  const chosen = message ?? firstMessage(rows);
  if (kind === 'message-flow' && chosen === null)
    throw new UserError('no message was sent in this scenario; let the script send one');
  if (message !== null && !rows.some((row) => row.sender === message.sender && row.nth === message.nth)) {
    throw refusal('--message', `no message ${messageName} was sent in this scenario`);
  }
  return DIAGRAMS[kind].draw({
    ...base,
    rows,
    membersOf: (channel) => membersOf(topology, channel),
    ...(kind === 'message-flow' && chosen !== null ? { message: chosen } : {}),
  });
}

/** The first limit that counts by user: the timeline is one user's. */
const limitOfUser = (scenario: Scenario) => rateLimitsOf(scenario.design).find(({ by }) => by === 'user');

function rateLimitInput(
  { design }: Scenario,
  decisions: readonly Decision[],
  of: RateLimit | null = design.rateLimit,
): Pick<DiagramInput, 'rateLimit'> {
  return of === null ? {} : { rateLimit: { config: of, flow: STATE_FLOWS[of.algorithm], decisions } };
}

/** A user's requests as the limiter of the run decided them: of `user`, or of the first who was refused (or else has sent). */
function drawTimeline(scenario: Scenario, base: DiagramInput, user: number | null): string {
  const limit = limitOfUser(scenario);
  if (limit === undefined && scenario.design.rateLimit !== null)
    throw new UserError('the time line is that of one user, and no limit here counts by user; add one');
  const run = createRun(scenario);
  const list = defaultWatch(scenario, channelCount(run.system.context.topology));
  if (user !== null) run.watch({ ...list, users: [...list.users, user] });
  run.advance(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
  const rows = run.system.context.watching.tracer.rows();
  if (user === null) {
    const first =
      rows.find(({ kind, reason }) => kind === 'refuse' && reason === 'rate-limit') ??
      rows.find(({ kind }) => kind === 'send');
    if (first === undefined)
      throw new UserError('no message was sent in this scenario; let the script send one');
    // Where only a sample is watched, not all of its requests are there yet.
    if (list.oneChannelIn !== 1) return drawTimeline(scenario, base, first.sender);
    return timelineOf(scenario, base, rows, first.sender, limit ?? null);
  }
  return timelineOf(scenario, base, rows, user, limit ?? null);
}

function timelineOf(
  scenario: Scenario,
  base: DiagramInput,
  rows: readonly TraceRow[],
  user: number,
  limit: RateLimit | null,
): string {
  if (limit === null) return DIAGRAMS['rate-limit'].draw(base);
  const { requests } = limiterRequests(rows, user, limit.placement, (node) => base.stations[node]?.kind);
  const decisions = rateLimitDecisions(
    limit,
    requests.map(({ timeUs }) => timeUs),
  );
  const other = requests.findIndex(({ allowed }, i) => allowed !== decisions[i]!.allowed);
  if (other >= 0) {
    const at = secondsText(requests[other]!.timeUs);
    throw new UserError(
      `the run decided otherwise at ${at} s than this limit alone, because its counter began anew or another limit refused; draw a run without either`,
    );
  }
  return DIAGRAMS['rate-limit'].draw({ ...base, ...rateLimitInput(scenario, decisions, limit) });
}

function firstMessage(rows: DiagramInput['rows']): { sender: number; nth: number } | null {
  const first = rows.find((row) => row.kind === 'send');
  return first === undefined ? null : { sender: first.sender, nth: first.nth };
}

/** `alice/1` as sender and nth. Throws InputError. */
function messageByName(scenario: Scenario, name: string): { sender: number; nth: number } {
  const match = /^(.+)\/([1-9]\d{0,6})$/.exec(name);
  const sender = match === null ? null : userByName(scenario.workload, match[1]!);
  if (match === null || sender === null) {
    throw refusal(
      '--message',
      `"${name}" is no message of this scenario; write the sender and the how-manyth it is, such as alice/1`,
    );
  }
  return { sender, nth: Number(match[2]) };
}
