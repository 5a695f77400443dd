import { type Contender, fanoutHold, flatqueueHold, loadQueues, type Queues, tinyqueueHold } from './hold.ts';
import { fanoutMm1, flatqueueMm1, tinyqueueMm1 } from './mm1.ts';
import {
  type BenchOptions,
  type BenchRow,
  type BenchSection,
  type BenchSectionReport,
  cpuUs,
  median,
} from './report.ts';
import { chat, type HoldWorkload, phold } from './workloads.ts';

interface Race {
  readonly workload: string;
  readonly contenders: (queues: Queues) => Contender[];
  /** How many times slower than the first the others should at least be, by name. */
  readonly goals: Readonly<Record<string, number>>;
  /** Events a round. */
  readonly events: number;
}

const hold = (workload: HoldWorkload, events: number, goals: Record<string, number>): Race => ({
  workload: workload.name,
  contenders: (queues) => [
    fanoutHold(workload),
    tinyqueueHold(workload, queues),
    flatqueueHold(workload, queues),
  ],
  goals,
  events,
});

const RACES: readonly Race[] = [
  hold(phold(1_000), 1_000_000, { tinyqueue: 4, flatqueue: 1.5 }),
  hold(phold(100_000), 1_000_000, { tinyqueue: 12, flatqueue: 3 }),
  hold(phold(1_000_000), 1_500_000, { tinyqueue: 40, flatqueue: 8 }),
  hold(chat(1_000), 1_000_000, {}),
  hold(chat(100_000), 1_000_000, {}),
  hold(chat(1_000_000), 1_500_000, {}),
  {
    workload: 'M/M/1, load 0.8',
    contenders: (queues) => [fanoutMm1(), tinyqueueMm1(queues), flatqueueMm1(queues)],
    goals: {},
    events: 1_000_000,
  },
];

/** Runs the contenders of a race in turn, round by round, so that whatever else the machine does strikes all of them alike. */
function race({ workload, contenders, goals, events }: Race, queues: Queues, quick: boolean): BenchRow[] {
  const running = contenders(queues);
  const perRound = quick ? events / 5 : events;
  const rounds = running.map((): number[] => []);
  for (const contender of running) contender.run(perRound); // to warm up
  for (let round = 0; round < (quick ? 3 : 5); round++) {
    running.forEach((contender, i) => {
      const before = cpuUs();
      contender.run(perRound);
      rounds[i]!.push(((cpuUs() - before) * 1000) / perRound);
    });
  }
  const [first, second] = running;
  if (first!.orderHash() !== second!.orderHash()) {
    throw new Error(`${workload}: ${first!.name} and ${second!.name} disagree about the order of the events`);
  }
  const fastest = median(rounds[0]!);
  return running.map(({ name }, i) => {
    const timesSlower = median(rounds[i]!) / fastest;
    const goal = goals[name];
    return {
      workload,
      contender: name,
      value: median(rounds[i]!),
      unit: 'ns',
      rounds: rounds[i]!,
      timesSlower: i === 0 ? null : timesSlower,
      goal: goal === undefined ? null : { text: `at least ${goal} x`, isMet: timesSlower >= goal },
    };
  });
}

export const kernelSection: BenchSection = {
  name: 'kernel',
  async run(options: BenchOptions): Promise<BenchSectionReport> {
    const queues = await loadQueues();
    return {
      name: 'kernel',
      title: 'The future event list: CPU time an event, and how many times that the others take',
      rows: RACES.flatMap((r) => race(r, queues, options.quick ?? false)),
      notes: ['fanout and tinyqueue pop in the same exact order; flatqueue does not break ties.'],
    };
  },
};
