import { type RefObject, useCallback, useEffect, useRef } from 'react';
import type { Stage } from './stage.ts';

/**
 * Says when a picture has to look again although no frame has arrived: its room, the selection, the witness or the summary has changed.
 * `measure` reads the room of `outer`, and must be stable.
 */
export function useStale(
  stage: Stage,
  outer: RefObject<HTMLElement | null>,
  measure: (outer: HTMLElement) => void,
): { readonly stale: RefObject<boolean>; readonly touch: () => void } {
  const { store, loop, selection, witness } = stage;
  const stale = useRef(true);
  const touch = useCallback(() => {
    stale.current = true;
    loop.request();
  }, [loop]);

  useEffect(() => {
    const element = outer.current;
    const observer = new ResizeObserver(() => {
      if (element === null) return;
      measure(element);
      touch();
    });
    if (element !== null) observer.observe(element);
    const stops = [selection, witness, store.summary].map((value) => value.subscribe(touch));
    return () => {
      observer.disconnect();
      for (const stop of stops) stop();
    };
  }, [outer, measure, selection, witness, store, touch]);

  return { stale, touch };
}
