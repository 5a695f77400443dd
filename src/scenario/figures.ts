import { formatDuration, formatExact, US_PER_MS, US_PER_SECOND } from '../base/units.ts';
import { METRIC_NAMES, type MetricName } from './metrics.ts';
import { rightName } from './text/nearest.ts';

/**
 * Figures in what a script says: `{messages.retries}` is the metric at the moment of the step, `{messages.sent/s}` how much of it there
 * was in a second on average until then. So a sentence states what its own run has measured, whatever was changed about it.
 */

/** A word in braces without a space: `{ delay: 20ms }` is no figure. */
const FIGURE = /\{([a-zA-Z][\w.-]*)(\/s)?\}/g;

const isMetric = (name: string): name is MetricName => (METRIC_NAMES as readonly string[]).includes(name);

/** What a mean in a second makes no sense of: shares, times, what there is at this moment, and what is one already. */
const IS_NO_COUNT = /\.(ms|s|percent|usd|rate|expected|peak|stillOut)$|^connections$|^ordering\.bytes$/;

/** Whether a text has figures to be filled in. */
export const hasFigures = (text: string): boolean => text.search(FIGURE) >= 0;

/** What is wrong with the figures of a text, and what would be right, one line for each. */
export function figureProblems(text: string): readonly string[] {
  return [...text.matchAll(FIGURE)].flatMap(([whole, name = '', perSecond]) => {
    if (!isMetric(name)) {
      return [
        `${whole} is no metric; ${rightName(name, METRIC_NAMES)} (braces that are no figure: { ${name} })`,
      ];
    }
    if (perSecond === undefined || !IS_NO_COUNT.test(name)) return [];
    return [`${whole} makes no sense, since ${name} is no count that grows; write {${name}}`];
  });
}

/** The text with its figures filled in; `isAtLeast`: all that is known of the metric is that it is at least so much. `seconds`: virtual time so far. A figure that is wrong stays as it is. */
export function withFigures(
  text: string,
  seconds: number,
  metric: (name: MetricName) => { readonly value: number; readonly isAtLeast: boolean },
): string {
  return text.replace(FIGURE, (whole, name: string, perSecond: string | undefined) => {
    if (!isMetric(name)) return whole;
    const { value, isAtLeast } = metric(name);
    const told = perSecond === undefined ? value : seconds === 0 ? 0 : value / seconds;
    return `${isAtLeast ? 'at least ' : ''}${figure(name, told)}`;
  });
}

/** At most three significant digits, thousands set apart: `16,700`. */
const rounded = (value: number): string => formatExact(Number(value.toPrecision(3)));

/** A metric with its unit, which its name ends with: `23.8 s`, `84 %`, `$31.9`, `16,700`. */
export function figure(name: MetricName, value: number): string {
  if (name.endsWith('.ms')) return formatDuration(value * US_PER_MS);
  if (name.endsWith('.s')) return formatDuration(value * US_PER_SECOND);
  if (name.endsWith('.percent')) return `${rounded(value)} %`;
  if (name.endsWith('.usd')) return `$${rounded(value)}`;
  if (name.startsWith('bytes.') || name.endsWith('.bytes')) return `${rounded(value)} bytes`;
  return rounded(value);
}
