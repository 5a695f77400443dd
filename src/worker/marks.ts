import { counted } from '../base/text.ts';
import type { Run } from '../run/run.ts';
import { namesOf } from '../system/design/names.ts';
import { NO_NODE, type TraceKind } from '../trace/trace.ts';
import { actionLine } from './action-line.ts';
import type { Mark, PromiseFrame } from './protocol.ts';

/** The marks of the scrubber: what broke, what was said and asked, what was done by hand, and which promise was broken first when. */
export interface Marks {
  /** Takes in the rows of the trace from the last call on; the array is the same one as long as nothing has changed. */
  take(promises: readonly PromiseFrame[]): readonly Mark[];
  /** The trace was cut to this length. */
  rewound(traceLength: number): void;
}

/** Of more faults the first are marked. */
const MOST_FAULTS = 500;

const FAULTS: Readonly<Partial<Record<TraceKind, (names: string) => string>>> = {
  crash: (names) => `${names} down`,
  restart: (names) => `${names} back`,
  slow: (names) => `${names} at another speed`,
  block: (names) => `${names} blocked`,
  cut: (names) => `link: ${names}`,
};

interface Fault {
  readonly timeUs: number;
  readonly kind: TraceKind;
  readonly node: number;
  readonly row: number;
  /** How many more stations at the same moment. */
  more: number;
}

export function createMarks(run: Run): Marks {
  const names = namesOf(run.scenario.design, run.scenario.workload);
  let faults: Fault[] = [];
  let leftOut = 0;
  let next = 0;
  let marks: readonly Mark[] = [];
  let key = '';

  const scan = (): void => {
    const { tracer } = run.system.context.watching;
    for (; next < tracer.length; next++) {
      const { kind, timeUs, node, sender } = tracer.row(next);
      if (sender >= 0 || FAULTS[kind] === undefined) continue;
      const last = faults[faults.length - 1];
      if (last !== undefined && last.kind === kind && last.timeUs === timeUs) last.more++;
      else if (faults.length < MOST_FAULTS) faults.push({ timeUs, kind, node, row: next, more: 0 });
      else leftOut++;
    }
  };

  const faultMark = ({ timeUs, kind, node, more }: Fault): Mark => {
    const name = node === NO_NODE ? 'whole again' : names.node(node);
    const all = more === 0 ? name : `${name} and ${counted(more, 'other')}`;
    return { timeUs, kind: 'fault', text: FAULTS[kind]?.(all) ?? all };
  };

  const build = (promises: readonly PromiseFrame[]): Mark[] => {
    const { scenario, script, hand, nowUs } = run;
    const all: Mark[] = faults.map(faultMark);
    const last = faults[faults.length - 1];
    if (leftOut > 0 && last !== undefined)
      all.push({ timeUs: last.timeUs, kind: 'fault', text: `${leftOut} more faults from here on` });
    for (const { index, does } of scenario.script) {
      const timeUs = script.happenedAtUs(index);
      if (timeUs !== null && (does.do === 'say' || does.do === 'ask'))
        all.push({ timeUs, kind: does.do, text: script.saidWithFigures(index)?.text ?? does.text });
    }
    for (const { atUs, action } of hand) {
      if (atUs > nowUs) continue;
      all.push({
        timeUs: atUs,
        kind: 'hand',
        text: actionLine(atUs, action, scenario.design, scenario.workload),
      });
    }
    for (const { name, sinceUs } of promises) {
      if (sinceUs !== null) all.push({ timeUs: sinceUs, kind: 'violation', text: `${name} violated` });
    }
    return all.sort((a, b) => a.timeUs - b.timeUs);
  };

  return {
    take(promises) {
      scan();
      const { scenario, script, hand, nowUs } = run;
      const now = [
        faults.length,
        faults[faults.length - 1]?.more ?? 0,
        leftOut,
        scenario.script.map(({ index }) => script.happenedAtUs(index) ?? '').join(','),
        hand.map(({ atUs }) => (atUs > nowUs ? '' : atUs)).join(','),
        promises.map(({ sinceUs }) => sinceUs ?? '').join(','),
      ].join(';');
      if (now !== key) {
        key = now;
        marks = build(promises);
      }
      return marks;
    },
    rewound(traceLength) {
      next = Math.min(next, traceLength);
      faults = faults.filter(({ row }) => row < traceLength);
      // A fault that was counted with the last one may be gone: that one is found again.
      const last = faults.pop();
      if (last !== undefined) next = Math.min(next, last.row);
      leftOut = 0;
      key = '';
    },
  };
}
