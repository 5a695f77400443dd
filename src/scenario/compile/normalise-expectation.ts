import type { WrittenExpectation } from '../schema/expectation.ts';
import { listNames, rightName } from '../text/nearest.ts';
import type { Path, ProblemList } from '../text/problems.ts';
import { show } from '../text/show.ts';
import type { Bound, Expectation, TextRange, VerdictName } from '../types.ts';

/** What is written of a bound: exactly one of its keys counts. */
interface WrittenBound {
  readonly below?: number | undefined;
  readonly above?: number | undefined;
  readonly equals?: number | undefined;
  readonly between?: readonly number[] | undefined;
}

const BOUND_KEYS = ['below', 'above', 'equals', 'between'] as const;

/** The bound; a problem when there is none, or more than one. */
export function normaliseBound(written: WrittenBound, path: Path, problems: ProblemList): Bound {
  const given = BOUND_KEYS.filter((key) => written[key] !== undefined);
  if (given.length !== 1) {
    const said = given.length === 0 ? 'the metric has no bound' : `the metric has ${given.length} bounds`;
    problems.add(path, `${said}; write one of ${listNames(BOUND_KEYS)}`);
  }
  const { below, above, equals, between } = written;
  if (below !== undefined) return { is: 'below', value: below };
  if (above !== undefined) return { is: 'above', value: above };
  if (equals !== undefined) return { is: 'equals', value: equals };
  const [min = 0, max = 0] = between ?? [];
  if (min > max)
    problems.add([...path, 'between'], `the range from ${min} to ${max} is empty; swap its ends`);
  return { is: 'between', min, max };
}

function boundInWords(bound: Bound): string {
  if (bound.is === 'between') return `is between ${bound.min} and ${bound.max}`;
  return bound.is === 'equals' ? `is ${bound.value}` : `is ${bound.is} ${bound.value}`;
}

const verdictInWords = (is: VerdictName): string => (is === 'holds' ? 'holds' : `is ${is}`);

/** A problem when none of the compared worlds has this name. */
export function checkWorld(
  world: string,
  path: Path,
  worlds: readonly string[],
  problems: ProblemList,
): void {
  if (worlds.includes(world)) return;
  problems.add(path, () =>
    worlds.length === 0
      ? `there is no world ${show(world)}; the scenario compares nothing, so leave world away`
      : `there is no world ${show(world)}; ${rightName(world, worlds)}`,
  );
}

export function normaliseExpectation(
  written: WrittenExpectation,
  path: Path,
  range: TextRange,
  worlds: readonly string[],
  problems: ProblemList,
): Expectation {
  const world = written.world ?? null;
  if (world !== null) checkWorld(world, [...path, 'world'], worlds, problems);
  const prefix = world === null ? '' : `${world}: `;
  if ('guarantee' in written) {
    const { guarantee, is } = written;
    return {
      text: `${prefix}${guarantee} ${verdictInWords(is)}`,
      world,
      range,
      of: 'guarantee',
      guarantee,
      is,
    };
  }
  const bound = normaliseBound(written, path, problems);
  const { metric } = written;
  return { text: `${prefix}${metric} ${boundInWords(bound)}`, world, range, of: 'metric', metric, bound };
}
