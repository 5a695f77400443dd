/**
 * What Perfetto's trace processor makes of Chrome Trace Event JSON, for the events that we write: it takes events in order of time (those
 * of one moment in the order of the file), keeps a stack of open slices for each thread, drops a slice that overlaps another without
 * nesting, and binds an arrow to the slice on top of its thread's stack. Written from the behaviour described in slice_tracker.cc and
 * flow_tracker.cc, independently of what writes our files.
 */

interface Slice {
  readonly pid: number;
  readonly tid: number;
  readonly name: string;
  readonly startUs: number;
  readonly endUs: number;
  readonly args: Readonly<Record<string, unknown>>;
}
interface Arrow {
  readonly id: number;
  readonly from: Slice;
  readonly to: Slice;
  readonly departUs: number;
  readonly arriveUs: number;
}
export interface Processed {
  readonly slices: readonly Slice[];
  readonly arrows: readonly Arrow[];
  readonly instants: readonly {
    readonly pid: number;
    readonly tid: number;
    readonly name: string;
    readonly us: number;
  }[];
  readonly processes: ReadonlyMap<number, string>;
  readonly threads: ReadonlyMap<string, string>;
  /** What the trace processor would count as an error of the file. */
  readonly errors: readonly string[];
}

interface RawEvent {
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  readonly id?: number;
  readonly bp?: string;
  readonly cat?: string;
  readonly name: string;
  readonly args?: Readonly<Record<string, unknown>>;
}

export function processTrace(text: string): Processed {
  const { traceEvents } = JSON.parse(text) as { traceEvents: RawEvent[] };
  const errors: string[] = [];
  const processes = new Map<number, string>();
  const threads = new Map<string, string>();
  const slices: Slice[] = [];
  const arrows: Arrow[] = [];
  const instants: { pid: number; tid: number; name: string; us: number }[] = [];
  const stacks = new Map<string, Slice[]>();
  const begun = new Map<string, { slice: Slice; us: number }>();
  const ended = new Set<string>();

  const timed = traceEvents.filter((e) => e.ph !== 'M');
  timed.forEach((e, i) => {
    if (i > 0 && e.ts < timed[i - 1]!.ts) errors.push(`event ${i} is before event ${i - 1}`);
  });
  for (const e of traceEvents) {
    if (e.ph !== 'M') continue;
    if (e.name === 'process_name') processes.set(e.pid, String(e.args?.name));
    if (e.name === 'thread_name') threads.set(`${e.pid} ${e.tid}`, String(e.args?.name));
  }
  for (const e of [...timed].sort((a, b) => a.ts - b.ts)) {
    const thread = `${e.pid} ${e.tid}`;
    if (!processes.has(e.pid)) errors.push(`process ${e.pid} has no name`);
    if (!threads.has(thread)) errors.push(`thread ${thread} has no name`);
    const stack = stacks.get(thread) ?? [];
    stacks.set(thread, stack);
    const flow = `${e.id} ${e.cat} ${e.name}`;
    switch (e.ph) {
      case 'i':
        // A slice without length: it covers whatever is open on its thread.
        instants.push({ pid: e.pid, tid: e.tid, name: e.name, us: e.ts });
        if (stack.length > 0) errors.push(`an instant at ${e.ts} hides the slices of thread ${thread}`);
        break;
      case 'X': {
        const slice = {
          pid: e.pid,
          tid: e.tid,
          name: e.name,
          startUs: e.ts,
          endUs: e.ts + e.dur!,
          args: e.args ?? {},
        };
        if (!(e.dur! > 0)) errors.push(`slice ${e.name} at ${e.ts} has no length`);
        while (stack.length > 0 && stack.at(-1)!.endUs <= slice.startUs) stack.pop();
        if (stack.some((open) => slice.startUs < open.endUs && slice.endUs > open.endUs)) {
          errors.push(`slice ${e.name} at ${e.ts} overlaps`);
          break;
        }
        stack.push(slice);
        slices.push(slice);
        break;
      }
      case 's': {
        const slice = stack.at(-1);
        if (slice === undefined) errors.push(`arrow ${flow} begins in no slice`);
        else if (begun.has(flow)) errors.push(`arrow ${flow} begins twice`);
        else begun.set(flow, { slice, us: e.ts });
        break;
      }
      case 'f': {
        const slice = stack.at(-1);
        const begin = begun.get(flow);
        if (e.bp !== 'e') errors.push(`arrow ${flow} ends at the next slice`);
        if (slice === undefined) errors.push(`arrow ${flow} ends in no slice`);
        else if (begin === undefined) errors.push(`arrow ${flow} ends without a beginning`);
        else {
          // An arrow points from the slice that began earlier.
          if (begin.slice.startUs > slice.startUs) errors.push(`arrow ${flow} points backwards`);
          arrows.push({ id: e.id!, from: begin.slice, to: slice, departUs: begin.us, arriveUs: e.ts });
          ended.add(flow);
        }
        break;
      }
      case 'M':
        break;
      default:
        errors.push(`there is an event of phase ${e.ph}`);
    }
  }
  for (const flow of begun.keys()) if (!ended.has(flow)) errors.push(`arrow ${flow} has no end`);
  for (const { id, from, to, departUs, arriveUs } of arrows) {
    if (departUs < from.startUs || departUs >= from.endUs)
      errors.push(`arrow ${id} begins outside its slice`);
    if (arriveUs < to.startUs || arriveUs >= to.endUs) errors.push(`arrow ${id} ends outside its slice`);
  }
  return { slices, arrows, instants, processes, threads, errors };
}
