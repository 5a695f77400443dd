import type { Bound } from '../scenario/types.ts';

/** A figure, and whether all that is known is that it is at least so much. */
export interface Figure {
  readonly value: number;
  readonly isAtLeast: boolean;
}

/** Whether a figure is within a bound; null: it is only a lower bound, and may lie on either side. */
export function isWithin(bound: Bound, { value, isAtLeast }: Figure): boolean | null {
  switch (bound.is) {
    case 'below':
      if (value >= bound.value) return false;
      return isAtLeast ? null : true;
    case 'above':
      if (value > bound.value) return true;
      return isAtLeast ? null : false;
    case 'equals':
      if (isAtLeast) return value > bound.value ? false : null;
      return value === bound.value;
    case 'between':
      if (value > bound.max) return false;
      return isAtLeast ? null : value >= bound.min;
  }
}

/** What an expectation about a metric comes to: only what is known to be within the bound holds. */
export function judgeFigure(
  bound: Bound,
  figure: Figure,
): { readonly holds: boolean; readonly found: string } {
  const holds = isWithin(bound, figure);
  const { value, isAtLeast } = figure;
  if (holds !== null) return { holds, found: isAtLeast ? `at least ${value}` : String(value) };
  const than = bound.is === 'between' ? `${bound.min} to ${bound.max}` : bound.value;
  return {
    holds: false,
    found: `at least ${value}, since what still waits decides it: whether it is ${bound.is} ${than} is not known yet`,
  };
}
