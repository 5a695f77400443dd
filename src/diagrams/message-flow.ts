import { counted, groupDigits } from '../base/text.ts';
import type { MessageName } from '../trace/story.ts';
import { isUserNode, type Names, type TraceRow } from '../trace/trace.ts';
import { THE_REST } from './flow-cast.ts';
import type { Step } from './flow-steps.ts';
import { MAX_TEXT, sequenceWriter } from './mermaid-text.ts';
import { type MessageWay, messageWay, type WayOptions } from './message-way.ts';

export type { StationLabel } from './message-way.ts';

export interface MessageFlowOptions extends Omit<WayOptions, 'messages'> {
  /** Only this message. Left out: all messages of the rows. */
  readonly message?: MessageName;
  /** At most so many arrows and notes; a note says how many are left out. 200 when left out. */
  readonly maxMessages?: number;
}

const MAX_MESSAGES = 200;

/**
 * The way of a message through all participants as a UML sequence diagram (Mermaid text), made from what a run recorded: participants
 * in the lab's order, every hop at the time of its arrival, losses with their reason, long stays, retries, what was left out.
 *
 * Throws RangeError when the rows hold nothing of the message asked for.
 */
export function messageFlow(rows: readonly TraceRow[], names: Names, options: MessageFlowOptions): string {
  const { message, maxMessages = MAX_MESSAGES, ...rest } = options;
  const way = messageWay(rows, names, message === undefined ? rest : { ...rest, messages: [message] });
  return wayText(way, maxMessages);
}

/** The same of a way that has been read already. */
export function wayText({ cast, heading, steps }: MessageWay, maxMessages = MAX_MESSAGES): string {
  let max = maxMessages;
  for (;;) {
    const text = write(cast.nodes, cast.labels, heading, steps, max);
    if (text.length < MAX_TEXT || max === 0) return text;
    max = Math.floor(max * 0.8);
  }
}

function write(
  nodes: readonly number[],
  labels: readonly string[],
  heading: string,
  steps: readonly Step[],
  max: number,
): string {
  const w = sequenceWriter();
  const ids = new Map(nodes.map((node, i) => [node, w.participant(labels[i]!)]));
  const all = [...ids.values()];
  if (all.length === 0) all.push(w.participant('nobody'));
  w.note(all[0]!, all[Math.min(2, all.length - 1)]!, heading);
  const shown = steps.slice(0, max);
  const releases = releasesOf(shown);
  /** Visits that are active, by the participant. */
  const active = new Map<number, string>();
  const release = (visit: number): void => {
    const id = active.get(visit);
    if (id === undefined) return;
    w.deactivate(id);
    active.delete(visit);
  };
  for (const [index, step] of shown.entries()) {
    const [from, to] = [ids.get(step.from)!, ids.get(step.to)!];
    for (const visit of [...active.keys()]) {
      const { afterUs, afterStep } = releases.get(visit)!;
      if (index > afterStep && step.timeUs > afterUs && step.leaves !== visit) release(visit);
    }
    if (step.kind === 'note') {
      w.note(from, to, step.text);
      continue;
    }
    w.arrow(from, to, step.style, step.text);
    if (step.enters >= 0 && !isUserNode(step.to) && releases.has(step.enters) && !active.has(step.enters)) {
      w.activate(to);
      active.set(step.enters, to);
    }
    const end = releases.get(step.leaves);
    if (end !== undefined && index >= end.afterStep && step.timeUs >= end.afterUs) release(step.leaves);
  }
  const left = steps.length - shown.length;
  if (left > 0) {
    const text = `${groupDigits(left)} of ${counted(steps.length, 'step')} are left out`;
    w.note(all[0]!, all.at(-1)!, text);
  }
  return w.text();
}

/**
 * When a station is done with a visit: with its last arrow to another station, or when it has handed the last copy to a client's link,
 * which may be long on the way.
 */
function releasesOf(steps: readonly Step[]): Map<number, { afterUs: number; afterStep: number }> {
  const releases = new Map<number, { afterUs: number; afterStep: number }>();
  for (const [index, step] of steps.entries()) {
    if (step.kind !== 'arrow' || step.leaves < 0) continue;
    const end = releases.get(step.leaves) ?? { afterUs: 0, afterStep: -1 };
    end.afterUs = Math.max(end.afterUs, step.departUs);
    if (!isUserNode(step.to) && step.to !== THE_REST) end.afterStep = index;
    releases.set(step.leaves, end);
  }
  return releases;
}
