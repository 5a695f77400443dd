import ln from '@stdlib/math-base-special-ln';

/**
 * Quantiles of the standard normal distribution: algorithm AS 241, PPND16 (M. J. Wichura, "The percentage points of the normal
 * distribution", Applied Statistics 37, 1988), relative accuracy about 1e-16. `p` is the probability below the result, `q` = 1 - p
 * given apart, so that the upper tail is as exact as the lower. Both in (0, 1).
 */
export function normalQuantile(p: number, q: number): number {
  const fromMiddle = p < 0.5 ? p - 0.5 : 0.5 - q;
  if (Math.abs(fromMiddle) <= 0.425) {
    const r = 0.180625 - fromMiddle * fromMiddle;
    return (fromMiddle * horner(MIDDLE_OVER, r)) / horner(MIDDLE_UNDER, r);
  }
  const r = Math.sqrt(-ln(Math.min(p, q)));
  const size =
    r <= 5
      ? horner(TAIL_OVER, r - 1.6) / horner(TAIL_UNDER, r - 1.6)
      : horner(FAR_OVER, r - 5) / horner(FAR_UNDER, r - 5);
  return fromMiddle < 0 ? -size : size;
}

/** Value of a polynomial, highest power first. */
function horner(coefficients: readonly number[], x: number): number {
  let sum = 0;
  for (const c of coefficients) sum = sum * x + c;
  return sum;
}

const MIDDLE_OVER = [
  2509.0809287301227, 33430.57558358813, 67265.7709270087, 45921.95393154987, 13731.69376550946,
  1971.5909503065513, 133.14166789178438, 3.3871328727963665,
];
const MIDDLE_UNDER = [
  5226.495278852546, 28729.085735721943, 39307.89580009271, 21213.794301586597, 5394.196021424751,
  687.1870074920579, 42.31333070160091, 1,
];
const TAIL_OVER = [
  0.0007745450142783414, 0.022723844989269184, 0.2417807251774506, 1.2704582524523684, 3.6478483247632045,
  5.769497221460691, 4.630337846156546, 1.4234371107496835,
];
const TAIL_UNDER = [
  1.0507500716444169e-9, 0.0005475938084995345, 0.015198666563616457, 0.14810397642748008, 0.6897673349851,
  1.6763848301838038, 2.053191626637759, 1,
];
const FAR_OVER = [
  2.0103343992922881e-7, 0.000027115555687434876, 0.0012426609473880784, 0.026532189526576124,
  0.29656057182850487, 1.7848265399172913, 5.463784911164114, 6.657904643501103,
];
const FAR_UNDER = [
  2.0442631033899397e-15, 1.421511758316446e-7, 0.000018463183175100548, 0.0007868691311456133,
  0.014875361290850615, 0.1369298809227358, 0.599832206555888, 1,
];
