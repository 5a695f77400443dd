/** Settings as maps of what a scenario writes. */

export const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Settings laid over others: maps into maps, everything else whole; a map that says nothing of a distribution's keys replaces it. */
export function mergeSettings(
  under: Readonly<Record<string, unknown>>,
  over: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const result: Record<string, unknown> = { ...under };
  for (const [key, value] of Object.entries(over)) {
    const before = result[key];
    result[key] =
      isMap(before) && isMap(value) && !isDistribution(before) ? mergeSettings(before, value) : value;
  }
  return result;
}

const isDistribution = (value: object): boolean =>
  ['min', 'median', 'mean', 'empirical'].some((key) => key in value);
