import { rolesOf, typicalService } from '../diagrams/registry.ts';
import type { Run } from '../run/run.ts';
import { silentUsers } from '../run/silent-users.ts';
import type { Scenario, ScriptStep } from '../scenario/types.ts';
import { WORLD_AS_WRITTEN } from '../scenario/types.ts';
import { PRICES } from '../system/design/cost.ts';
import { DEFAULTS } from '../system/design/defaults.ts';
import { clientsInWords } from '../system/design/distribution-words.ts';
import { channelName } from '../system/design/names.ts';
import { isAssumption, leavesOf, PARAMETERS, valueInWords } from '../system/design/parameters.ts';
import { type StationKind, stationList } from '../system/design/stations.ts';
import { channelCount, membersOf } from '../system/design/topology.ts';
import { actionLine } from './action-line.ts';
import type { DesignSetting } from './design-setting.ts';
import type { CrowdInfo, DoneByHand, LessonStep, OpenedInfo, StationInfo } from './protocol.ts';

/** Channels beyond these are told by their number. */
const NAMED_CHANNELS = 2_000;

/** What the page is told once, when a scenario is open. */
export function openedInfo(run: Run, crowd: CrowdInfo, buildMs: number): OpenedInfo {
  const { scenario, system } = run;
  const { topology, world } = system.context;
  const channels = channelCount(topology);
  return {
    scenario: scenario.name,
    title: scenario.title,
    summary: scenario.summary,
    teaches: scenario.teaches,
    seed: run.seed,
    users: scenario.workload.users,
    usersInNoChannel: silentUsers(system.context),
    prices: PRICES,
    channels,
    durationUs: scenario.durationUs,
    stations: stationInfos(run),
    crowd,
    userNames: scenario.workload.userNames,
    channelNames: Array.from(
      { length: Math.min(channels, NAMED_CHANNELS) },
      (_, c) => `#${channelName(scenario.workload, c)}`,
    ),
    channelMembers: Array.from({ length: Math.min(channels, NAMED_CHANNELS) }, (_, c) =>
      membersOf(topology, c),
    ),
    lesson: scenario.script.map(lessonStep),
    worlds: [WORLD_AS_WRITTEN, ...scenario.compare.map(({ name }) => name)],
    buildMs,
    worldBytes: world.buffer.byteLength,
    design: designSettings(scenario),
    hand: handOf(run),
  };
}

/** What was done by hand, with the lines of a script that do the same. */
export const handOf = ({ hand, scenario }: Run): readonly DoneByHand[] =>
  hand.map(({ atUs, action }) => ({
    atUs,
    action,
    line: actionLine(atUs, action, scenario.design, scenario.workload),
  }));

function stationInfos(run: Run): readonly StationInfo[] {
  const { workers, queueLimit } = run.system.context.stations.columns;
  const { design } = run.scenario;
  const roles = rolesOf(design);
  const assumed = new Set(
    designSettings(run.scenario).flatMap(({ path, changed, isAssumption: has }) =>
      has && !changed ? [path] : [],
    ),
  );
  return stationList(design).map(({ node, name, kind }) => ({
    node,
    name,
    kind,
    ...(roles[kind] === undefined ? {} : { role: roles[kind] }),
    ...typicalService(design, kind),
    workers: workers[node]!,
    queueLimit: queueLimit[node]!,
    assumed: (['workers', 'queue'] as const).filter((of) => assumed.has(`design.${SECTION[kind]}.${of}`)),
  }));
}

/** Where a scenario sets what a kind of station is. */
const SECTION: Readonly<Record<StationKind, string>> = {
  gateway: 'gateway',
  'ws-server': 'servers',
  'chat-service': 'service',
  pubsub: 'pubsub',
  database: 'database',
  limiter: 'rateLimit',
  sequencer: 'sequencer',
};

const FAULT_VERBS: readonly string[] = [
  'crash',
  'failover',
  'slow',
  'block',
  'cut',
  'link',
  'disconnect',
  'choose',
];

function lessonStep(step: ScriptStep): LessonStep {
  const { index, does, trigger, world, source, range } = step;
  const atUs = trigger.on === 'time' ? trigger.atUs : null;
  const common = { index, atUs, world, source, line: range.line };
  const plain = { text: source, choices: [], answer: null, explain: '' };
  switch (does.do) {
    case 'say':
      return { ...common, ...plain, kind: 'say', text: does.text };
    case 'ask': {
      const { text, choices, answer, explain } = does;
      return { ...common, kind: 'ask', text, choices, answer, explain };
    }
    case 'act':
      return { ...common, ...plain, kind: FAULT_VERBS.includes(does.verb) ? 'fault' : 'other' };
    case 'expect':
      return { ...common, ...plain, kind: 'expect' };
    case 'nothing':
      return { ...common, ...plain, kind: 'elsewhere' };
    case 'watch':
    case 'pause':
      return { ...common, ...plain, kind: 'other' };
  }
}

/** Every setting of the design, those that the scenario changed first. */
export function designSettings(scenario: Scenario): readonly DesignSetting[] {
  const standard = new Map(PARAMETERS.map((parameter) => [parameter.path, parameter]));
  const of = leavesOf({ design: scenario.design }, '').map(({ path, key, value }): DesignSetting => {
    const here =
      path === 'design.network.clients'
        ? clientsInWords(scenario.design.network.clients)
        : valueInWords(key, value);
    const parameter = standard.get(path);
    const usual = parameter?.value ?? 'none';
    const isAssumed = parameter !== undefined && isAssumption(parameter);
    return { path, value: here, standard: usual, changed: here !== usual, isAssumption: isAssumed };
  });
  // A limit that the scenario switches off has no settings left to list.
  if (
    scenario.design.rateLimit === null &&
    DEFAULTS.design.rateLimit !== null &&
    !of.some(({ path }) => path === 'design.rateLimit')
  )
    of.push({ path: 'design.rateLimit', value: 'none', standard: 'on', changed: true, isAssumption: false });
  return [...of.filter(({ changed }) => changed), ...of.filter(({ changed }) => !changed)];
}
