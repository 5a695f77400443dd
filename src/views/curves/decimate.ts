/** Points of a line in pixels. A gap is a NaN in `y`. */
export interface PixelLine {
  readonly x: number[];
  readonly y: number[];
}

/**
 * The line through (times, values) in pixels. Where more than two points fall into one pixel only the lowest and the highest are
 * kept, in the order in which they came, so that no peak is lost. `toY` gives NaN for a value that cannot be shown.
 */
export function decimate(
  times: Float64Array,
  values: Float64Array,
  from: number,
  to: number,
  toX: (time: number) => number,
  toY: (value: number) => number,
): PixelLine {
  const line: PixelLine = { x: [], y: [] };
  let i = from;
  while (i < to) {
    const pixel = Math.floor(toX(times[i]!));
    let end = i + 1;
    while (end < to && Math.floor(toX(times[end]!)) === pixel) end++;
    if (end - i <= 2) {
      for (let k = i; k < end; k++) {
        line.x.push(toX(times[k]!));
        line.y.push(toY(values[k]!));
      }
    } else {
      let low = i;
      let high = i;
      for (let k = i + 1; k < end; k++) {
        if (values[k]! < values[low]!) low = k;
        if (values[k]! > values[high]!) high = k;
      }
      for (const k of low < high ? [low, high] : [high, low]) {
        line.x.push(toX(times[k]!));
        line.y.push(toY(values[k]!));
      }
    }
    i = end;
  }
  return line;
}
