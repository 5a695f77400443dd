/** Standard normal quantile of a 95 % interval. */
const Z = 1.959964;

/**
 * The Wilson score interval, 95 %, of a probability of which `hits` of `trials` were seen (E. B. Wilson, "Probable inference, the law of
 * succession, and statistical inference", 1927). Unlike the normal one it stays within [0, 1] and says something at 0 and at all.
 * Throws RangeError unless 0 <= hits <= trials and trials > 0.
 */
export function wilsonInterval(
  hits: number,
  trials: number,
): { readonly low: number; readonly high: number } {
  if (!(trials > 0 && hits >= 0 && hits <= trials))
    throw new RangeError(`${hits} of ${trials} is no share; hits are from 0 to the trials, and there is one`);
  const share = hits / trials;
  const z2 = Z * Z;
  const middle = share + z2 / (2 * trials);
  const half = Z * Math.sqrt((share * (1 - share)) / trials + z2 / (4 * trials * trials));
  const all = 1 + z2 / trials;
  return {
    low: hits === 0 ? 0 : (middle - half) / all,
    high: hits === trials ? 1 : (middle + half) / all,
  };
}
