import { UserError } from '../../base/errors.ts';
import { createSnapshots, type Snapshots } from '../../kernel/snapshots.ts';
import type { ChoiceList } from '../../run/choice-list.ts';
import { promises } from '../../run/report.ts';
import { createRun, type HandAction, type Run, type RunMark } from '../../run/run.ts';
import type { Scenario } from '../../scenario/types.ts';
import { type Action, ALL_USERS } from '../../system/faults/actions.ts';
import { EVENT } from '../../system/kinds.ts';
import { type ExplorerKeeper, explorerChoices } from './explorer-choices.ts';
import { createSeenStates } from './seen-states.ts';
import { createStateKeys, type StateKeys } from './state-key.ts';
import { type ToldHistory, toldHistory } from './told-history.ts';

/**
 * All runs of a small scenario that differ from its tame run (every delay at its shortest, no fault but those of the script) in at
 * most so many decisions: a hop that is slow, a message that is lost or arrives twice, a station that crashes. A state that was seen with as
 * many decisions left is not gone on with. Bounding the deviations, and raising the bound one by one, finds the smallest first: Musuvathi and
 * Qadeer, "Iterative context bounding for systematic testing of multithreaded programs", 2007; Emmi, Qadeer and Rakamaric,
 * "Delay-bounded scheduling", 2011.
 */
export interface ExploreOptions {
  /** Decisions in which a run may differ from the tame one. */
  readonly depth: number;
  readonly faults: readonly ExploredFault[];
  /** The exploration stops after so many events, or states. */
  readonly maxEvents: number;
  readonly maxStates: number;
  /** Goes on even in states that were seen: only to show that nothing is lost by cutting them off. */
  readonly neverCutsOff?: boolean;
  /** Told now and then. */
  readonly progress?: (so: ExploreProgress) => void;
}

export const EXPLORED_FAULTS = ['loss', 'duplicate', 'crash'] as const;
export type ExploredFault = (typeof EXPLORED_FAULTS)[number];

interface ExploreProgress {
  readonly depth: number;
  readonly runs: number;
  readonly states: number;
  readonly events: number;
}

export interface ExploreResult {
  /** Runs that came to their end, and those that were cut off in a state that was seen. */
  readonly runs: number;
  readonly cutOff: number;
  readonly states: number;
  readonly events: number;
  /** All runs with at most so many deviations were explored; -1: not even the tame run. */
  readonly completeTo: number;
  /** Why it ended before the depth that was asked for, or null. */
  readonly stopped: string | null;
  readonly guarantees: readonly ExploredGuarantee[];
}

interface ExploredGuarantee {
  readonly name: string;
  readonly isPromised: boolean;
  readonly holds: number;
  readonly violated: number;
  readonly unknown: number;
  /** With the fewest deviations, and of these with the fewest events. */
  readonly shortest: ExploredWitness | null;
}

export interface ExploredWitness {
  readonly deviations: number;
  readonly events: number;
  readonly text: string;
  readonly sinceUs: number;
  readonly choices: ChoiceList;
  readonly hand: readonly HandAction[];
}

/** How long a station that the exploration crashes is down. */
const CRASH_US = 300_000;
/** So seldom that no seed would meet it; the keeper decides. */
const HARDLY_EVER = 1e-9;

/** One way to go on from a moment: what the next event is told, or a station that crashes before it. */
interface Task {
  readonly plan: readonly number[];
  readonly crash: number;
  readonly deviations: number;
}

interface Fork {
  readonly mark: RunMark;
  readonly tasks: Task[];
}

/** Throws UserError or CapacityError with one sentence when the scenario is none that can be explored. */
export function explore(scenario: Scenario, options: ExploreOptions): ExploreResult {
  return new Exploration(scenario, options).result();
}

const MOST_USERS = 100;
class Exploration {
  readonly #scenario: Scenario;
  readonly #options: ExploreOptions;
  readonly #keeper: ExplorerKeeper = explorerChoices();
  readonly #run: Run;
  readonly #keys: StateKeys;
  readonly #start: RunMark;
  /** Of the moments on the path that may go otherwise, the oldest first: a fork is number i + 1 of them, and the start the first. */
  readonly #snapshots: Snapshots;
  readonly #seen = createSeenStates();
  readonly #told: ToldHistory;
  readonly #found: Map<
    string,
    { holds: number; violated: number; unknown: number; shortest: ExploredWitness | null }
  > = new Map();
  #runs = 0;
  #cutOff = 0;
  #events = 0;

  constructor(scenario: Scenario, options: ExploreOptions) {
    if (scenario.workload.users > MOST_USERS)
      throw new UserError(
        `the scenario has ${scenario.workload.users} users; at most ${MOST_USERS} can be explored, and three are plenty`,
      );
    this.#scenario = scenario;
    this.#options = options;
    this.#run = createRun(scenario, { choices: this.#keeper, isLean: true, hand: badLinks(options.faults) });
    this.#keys = createStateKeys(this.#run.system);
    this.#told = toldHistory(scenario.design.rateLimit !== null);
    this.#snapshots = createSnapshots(this.#run.system.context.world);
    this.#start = this.#mark();
  }

  result(): ExploreResult {
    const { depth } = this.#options;
    let completeTo = -1;
    let stopped: string | null = null;
    for (let bound = 0; bound <= depth && stopped === null; bound++) {
      // Counted once: the runs of a lower bound are runs of a higher one too.
      this.#runs = 0;
      this.#cutOff = 0;
      this.#found.clear();
      stopped = this.#exploreTo(bound);
      if (stopped === null) completeTo = bound;
    }
    return {
      runs: this.#runs,
      cutOff: this.#cutOff,
      states: this.#seen.size,
      events: this.#events,
      completeTo,
      stopped,
      guarantees: [...this.#found].map(([name, found]) => ({
        name,
        isPromised: promises(this.#scenario, name),
        ...found,
      })),
    };
  }

  /** Explores all runs with at most `bound` deviations. Returns why it stopped, or null. */
  #exploreTo(bound: number): string | null {
    const { maxEvents, maxStates, progress } = this.#options;
    const forks: Fork[] = [];
    this.#backTo(this.#start);
    this.#goOn(forks, bound, 0);
    for (let turns = 0; ; turns++) {
      if (this.#events >= maxEvents) return `after ${maxEvents} events`;
      if (forks.length === 0) return null;
      if (this.#seen.size >= maxStates) return `after ${maxStates} states`;
      if (turns % 256 === 0)
        progress?.({ depth: bound, runs: this.#runs, states: this.#seen.size, events: this.#events });
      const fork = forks[forks.length - 1]!;
      const task = fork.tasks.pop();
      if (task === undefined) {
        forks.pop();
        continue;
      }
      this.#backTo(fork.mark);
      if (task.crash >= 0) this.#run.act({ do: 'crash', node: task.crash, forUs: CRASH_US });
      else {
        this.#step(task.plan);
        this.#addPlans(fork, task, bound);
      }
      this.#goOn(forks, bound, task.deviations);
    }
  }

  /** Of this moment the words are kept that differ from the one before: whole copies took gigabytes. */
  #mark(): RunMark {
    const place = this.#snapshots.count;
    this.#snapshots.take();
    return this.#run.mark(() => this.#snapshots.restore(place));
  }

  #backTo(mark: RunMark): void {
    this.#run.backTo(mark);
    this.#told.truncate(mark.traceLength);
  }

  #step(plan: readonly number[]): void {
    this.#keeper.plan(plan);
    this.#events++;
    this.#run.advance(Number.POSITIVE_INFINITY, 1);
  }

  /** Plans that are like this one, and deviate at one later question as well. */
  #addPlans({ tasks }: Fork, { plan, deviations }: Task, bound: number): void {
    if (deviations >= bound) return;
    for (let question = plan.length; question < this.#keeper.asked(); question++) {
      const tame = new Array<number>(question - plan.length).fill(0);
      tasks.push({ plan: [...plan, ...tame, 1], crash: -1, deviations: deviations + 1 });
    }
  }

  /** Runs on tamely, to the end or to a state that was seen, and leaves a fork at each event that could go otherwise. */
  #goOn(forks: Fork[], bound: number, deviations: number): void {
    const run = this.#run;
    while (this.#events < this.#options.maxEvents) {
      if (this.#isOver()) {
        this.#judge(deviations);
        return;
      }
      const kind = this.#keys.nextKind();
      if (NEVER_ASKS.has(kind) && run.system.context.events.nextTimeUs() < run.script.nextTimeUs()) {
        this.#step([]);
        continue;
      }
      const left = bound - deviations;
      if (this.#wasMet(left)) {
        this.#cutOff++;
        return;
      }
      if (left === 0) {
        this.#step([]);
        continue;
      }
      const fork: Fork = { mark: this.#mark(), tasks: [] };
      this.#step([]);
      this.#addPlans(fork, { plan: [], crash: -1, deviations }, bound);
      for (const node of this.#mayCrash(kind))
        fork.tasks.push({ plan: [], crash: node, deviations: deviations + 1 });
      forks.push(fork);
    }
  }

  /** The stations that may stop just before an event of this kind. */
  #mayCrash(kind: number): readonly number[] {
    if (!this.#options.faults.includes('crash')) return [];
    const { nodes, stations } = this.#run.system.context;
    const up = (first: number, count: number): number[] =>
      Array.from({ length: count }, (_, i) => first + i).filter((node) => stations.isUp(node));
    switch (kind) {
      case EVENT.DATABASE_DEPART:
        return up(nodes.database, 1);
      case EVENT.SERVICE_DEPART:
      case EVENT.SERVICE_BACK:
        return up(nodes.chatService, 1);
      case EVENT.BROKER_DEPART:
        return up(nodes.firstShard, nodes.shards);
      case EVENT.SERVER_DEPART:
      case EVENT.NOTIFY:
        return up(nodes.firstServer, nodes.servers);
      default:
        return [];
    }
  }

  /** At rest, or at the end of its time. */
  #isOver(): boolean {
    const { system, script, nowUs, judge } = this.#run;
    if (nowUs >= this.#scenario.durationUs) return true;
    const { copyPool, reorder } = system.context;
    if (copyPool.inUse() > 0 || reorder.inUse() > 0 || script.nextTimeUs() < Number.POSITIVE_INFINITY)
      return false;
    if (this.#keys.nextKind() !== EVENT.INTERVAL) return false;
    judge.verdicts();
    return judge.forHistory().quiescent;
  }

  /** Whether this state was met with as many deviations left; from now on it was. */
  #wasMet(left: number): boolean {
    this.#told.readTo(this.#run.system.context.watching.tracer);
    this.#keys.read(this.#told.high, this.#told.low);
    return this.#seen.meets(this.#keys.high, this.#keys.low, left) && this.#options.neverCutsOff !== true;
  }

  #judge(deviations: number): void {
    const run = this.#run;
    this.#runs++;
    for (const { name, verdict, witness, sinceUs } of run.judge.final(run.nowUs)) {
      let found = this.#found.get(name);
      if (found === undefined) {
        found = { holds: 0, violated: 0, unknown: 0, shortest: null };
        this.#found.set(name, found);
      }
      found[verdict]++;
      if (verdict !== 'violated') continue;
      const { shortest } = found;
      const isShorter =
        shortest === null ||
        deviations < shortest.deviations ||
        (deviations === shortest.deviations && run.events < shortest.events);
      if (isShorter)
        found.shortest = {
          deviations,
          events: run.events,
          text: witness?.text ?? '',
          sinceUs: sinceUs ?? 0,
          choices: this.#keeper.list(),
          hand: run.hand,
        };
    }
  }
}

/** Events that ask nothing, whatever the state; what the script does beside them is asked for with the next event. */
const NEVER_ASKS = new Set<number>([
  EVENT.INTERVAL,
  EVENT.HEARTBEAT,
  EVENT.HEARTBEAT_TIMEOUT,
  EVENT.SLOW_ENDS,
  EVENT.LINK_ENDS,
  EVENT.RESTART,
]);

/** Links on which the keeper decides what is lost and what arrives twice. */
function badLinks(faults: readonly ExploredFault[]): readonly HandAction[] {
  if (!faults.includes('loss') && !faults.includes('duplicate')) return [];
  const action: Action = {
    do: 'link',
    from: [ALL_USERS],
    to: [0],
    fault: {
      cut: false,
      loss: faults.includes('loss') ? HARDLY_EVER : 0,
      duplicate: faults.includes('duplicate') ? HARDLY_EVER : 0,
      reorder: 0,
      delayUs: 0,
    },
    forUs: null,
  };
  return [{ atUs: 0, action }];
}
