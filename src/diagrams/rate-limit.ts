import type { RateLimitAlgorithm, RateLimitConfig } from '../algorithms/rate-limit/config.ts';
import type { Decision } from '../algorithms/rate-limit/decisions.ts';
import type { FlowTransition, StateFlow } from '../algorithms/rate-limit/states.ts';
import { secondsText, US_PER_MS, US_PER_SECOND } from '../base/units.ts';
import { escapeText } from './mermaid-text.ts';

/** What a bar of the timeline means. */
const BAR: Readonly<Record<RateLimitAlgorithm, string>> = {
  'fixed-window': 'until its window ends',
  'sliding-window-log': 'while it is inside the window',
  'sliding-window-counter': 'until its window ends, and less and less through the next one',
  'token-bucket': 'while its token is refilled',
  'leaky-bucket': 'while it leaks out',
  gcra: 'while it uses up its interval',
};

const MAX_REQUESTS = 200;
/** Lines through the whole picture; more of them hide it. */
const MAX_LINES = 8;
/** Windows drawn for themselves: those of refused requests and of the one after each. */
const MAX_WINDOWS = 12;

/**
 * The timeline of one client's requests as a Mermaid gantt chart (the lab's third required diagram). Each allowed request is a bar that lasts
 * while the request counts, so the bars that a vertical line crosses are what the limiter counts at that moment; each refused request is a
 * red mark with a line through the picture. Under the log the windows stand that the decisive requests look back on.
 *
 * Mermaid's charts know milliseconds: times under 10 s are drawn a thousand times longer, with the unit said on the axis. At most
 * 200 requests are drawn; the title says how many are left out.
 */
export function rateLimitTimeline(config: RateLimitConfig, decisions: readonly Decision[]): string {
  const shown = decisions.slice(0, MAX_REQUESTS);
  const bars = shown.map((d) => barOf(config, d));
  const fromUs = Math.min(...bars.map((bar) => bar.fromUs));
  const spanUs = Math.max(0, ...bars.map((bar) => bar.toUs)) - (shown.length === 0 ? 0 : fromUs);
  const { scale, axis } = axisFor(spanUs);
  const at = (us: number): number => Math.round(us * scale);

  const left = decisions.length - shown.length;
  const more = left > 0 ? `, ${left} later requests left out` : '';
  const title = `${config.algorithm}, ${config.limit} in ${secondsText(config.windowUs)} s. A request counts ${BAR[config.algorithm]}${more}`;
  const text = [
    'gantt',
    `    title ${escapeText(title)}`,
    '    dateFormat x',
    `    axisFormat ${axis}`,
    '    section Requests',
  ];
  shown.forEach((d, i) => {
    const bar = bars[i]!;
    const name = `R${i + 1} at ${secondsText(d.timeUs)} s`;
    if (d.allowed) {
      text.push(
        `    ${escapeText(`${name}${bar.note}`)} :done, r${i + 1}, ${at(bar.fromUs)}, ${at(bar.toUs)}`,
      );
    } else {
      const back = `come back at ${secondsText(d.timeUs + d.retryAfterUs)} s`;
      text.push(
        `    ${escapeText(`${name} refused, counted ${short(d.counted)} of ${d.limit}, ${back}`)} :crit, milestone, r${i + 1}, ${at(d.timeUs)}, 0ms`,
      );
    }
  });
  if (config.algorithm === 'sliding-window-log') text.push(...windows(config, shown, at));
  shown
    .flatMap((d, i) => (d.allowed ? [] : [{ d, i }]))
    .slice(0, MAX_LINES)
    .forEach(({ d, i }) => {
      text.push(`    R${i + 1} :vert, v${i + 1}, ${at(d.timeUs)}, 0ms`);
    });
  return `${text.join('\n')}\n`;
}

interface Bar {
  readonly fromUs: number;
  readonly toUs: number;
  readonly note: string;
}

/** From when to when an allowed request counts. */
function barOf({ windowUs, limit }: RateLimitConfig, d: Decision): Bar {
  if (!d.allowed) return { fromUs: d.timeUs, toUs: d.timeUs, note: '' };
  const { state } = d;
  switch (state.kind) {
    case 'log':
      return { fromUs: d.timeUs, toUs: d.timeUs + windowUs, note: '' };
    case 'window':
      return { fromUs: d.timeUs, toUs: state.windowEndUs, note: '' };
    case 'two-windows':
      return {
        fromUs: d.timeUs,
        toUs: state.windowEndUs + windowUs,
        note: `, fades from ${secondsText(state.windowEndUs)} s`,
      };
    case 'tokens':
    case 'level':
    case 'tat': {
      // One after the other: this one's interval begins when those before it are through.
      const intervalUs = windowUs / limit;
      const fromUs = d.timeUs + d.counted * intervalUs;
      const toUs = fromUs + intervalUs;
      const held = d.delayUs > 0 ? `, held back until ${secondsText(d.timeUs + d.delayUs)} s` : '';
      const booked = d.counted > 0 ? `, takes ${secondsText(fromUs)} to ${secondsText(toUs)} s` : '';
      return { fromUs, toUs, note: held === '' ? booked : held };
    }
  }
}

function windows(
  { windowUs }: RateLimitConfig,
  decisions: readonly Decision[],
  at: (us: number) => number,
): string[] {
  const decisive = decisions.flatMap((d, i) =>
    !d.allowed || (i > 0 && !decisions[i - 1]!.allowed) ? [i] : [],
  );
  if (decisive.length === 0) return [];
  const drawn = decisive.slice(0, MAX_WINDOWS).map((i) => {
    const d = decisions[i]!;
    const fromUs = Math.max(0, d.timeUs - windowUs);
    const words = `R${i + 1} looks back to ${secondsText(fromUs)} s, counts ${short(d.counted)}, ${d.allowed ? 'allowed' : 'refused'}`;
    return `    ${escapeText(words)} :${d.allowed ? 'active' : 'crit'}, w${i + 1}, ${at(fromUs)}, ${at(d.timeUs)}`;
  });
  const left = decisive.length - drawn.length;
  return [`    section ${left > 0 ? `Windows, ${left} more left out` : 'Windows'}`, ...drawn];
}

/** Milliseconds of the chart for a microsecond, and how the axis says what they are. */
function axisFor(spanUs: number): { scale: number; axis: string } {
  if (spanUs >= 10 * US_PER_SECOND) return { scale: 1 / US_PER_MS, axis: '%s s' };
  if (spanUs >= 10 * US_PER_MS) return { scale: 1, axis: '%s ms' };
  return { scale: 1, axis: '%Q us' };
}

const short = (n: number): string => String(Number(n.toFixed(3)));

/**
 * The state flow of an algorithm as a Mermaid state diagram, for a limit (or burst) above 1, or for 1. A request that leaves the state as
 * it is stands inside its box, as an internal transition of UML: Mermaid writes the label of a loop over those of its neighbours.
 */
export function rateLimitStates(flow: StateFlow, limit = 2): string {
  const text = ['stateDiagram-v2', '    direction LR'];
  const transitions = flow.transitions.filter((t) => limit === 1 || !t.onlyAtOne);
  for (const { id, label } of flow.states) {
    text.push(`    ${id} : ${escapeText(label)}`);
    for (const t of transitions)
      if (t.from === id && t.to === id) text.push(`    ${id} : ${escapeText(transitionText(t))}`);
  }
  text.push(`    [*] --> ${flow.initial}`);
  for (const t of transitions) {
    if (t.from !== t.to) text.push(`    ${t.from} --> ${t.to} : ${escapeText(transitionText(t))}`);
  }
  return `${text.join('\n')}\n`;
}

function transitionText({ on, when, effect, verdict }: FlowTransition): string {
  return on === 'time' ? when : `${verdict} request [${when}]${effect === '' ? '' : ` / ${effect}`}`;
}
