import { select } from 'd3-selection';
import 'd3-transition';
import { type ZoomBehavior, zoom, zoomIdentity } from 'd3-zoom';
import { type RefObject, useEffect, useMemo, useRef } from 'react';
import { enlargement } from '../pointer.ts';
import type { Viewpoint } from './crowd-geometry.ts';

const FLIGHT_MS = 350;

export interface Zoom {
  readonly view: { current: Viewpoint };
  by(factor: number): void;
  whole(): void;
  /** Brings a point of the layout to the middle of the screen at a scale; `atOnce`: without a flight. */
  to(x: number, y: number, k: number, atOnce?: boolean): void;
}

/**
 * Pan and zoom of an element by wheel, drag, pinch and double click (d3-zoom), from the whole picture to `mostScale`.
 * `onChange` must be stable.
 */
export function useZoom(
  element: RefObject<HTMLElement | null>,
  mostScale: () => number,
  reducedMotion: () => boolean,
  onChange: () => void,
): Zoom {
  const view = useRef<Viewpoint>(zoomIdentity);
  const behaviour = useRef<ZoomBehavior<HTMLElement, unknown> | null>(null);

  useEffect(() => {
    const target = element.current;
    if (target === null) return;
    const zooming = zoom<HTMLElement, unknown>()
      .scaleExtent([1, 1])
      .clickDistance(4)
      // d3 takes the pointer for unscaled: an enlarged picture is zoomed with the keys and the buttons.
      .filter(
        (event: MouseEvent) =>
          enlargement(target) < 1.01 && (!event.ctrlKey || event.type === 'wheel') && event.button === 0,
      )
      .on('start', () => zooming.scaleExtent([1, Math.max(1, mostScale())]))
      .on('zoom', (event: { transform: Viewpoint }) => {
        view.current = event.transform;
        onChange();
      });
    const measure = () => {
      const box: [[number, number], [number, number]] = [
        [0, 0],
        [target.clientWidth, target.clientHeight],
      ];
      zooming
        .extent(box)
        .translateExtent(box)
        .scaleExtent([1, Math.max(1, mostScale())]);
    };
    const observer = new ResizeObserver(measure);
    observer.observe(target);
    measure();
    select(target).on('pointerdown.extent wheel.extent', measure).call(zooming);
    behaviour.current = zooming;
    return () => {
      observer.disconnect();
      select(target).on('.zoom', null).on('.extent', null);
      behaviour.current = null;
    };
  }, [element, mostScale, onChange]);

  return useMemo(() => {
    const move = (run: (zooming: ZoomBehavior<HTMLElement, unknown>, target: HTMLElement) => void) => {
      const target = element.current;
      if (behaviour.current !== null && target !== null) run(behaviour.current, target);
    };
    const flight = (target: HTMLElement, atOnce = false) =>
      select(target)
        .transition()
        .duration(atOnce || reducedMotion() ? 0 : FLIGHT_MS);
    return {
      view,
      by: (factor) =>
        move((zooming, target) => {
          zooming.scaleExtent([1, Math.max(1, mostScale())]);
          zooming.scaleBy(flight(target), factor);
        }),
      whole: () => move((zooming, target) => zooming.transform(flight(target), zoomIdentity)),
      to: (x, y, k, atOnce) =>
        move((zooming, target) => {
          const most = Math.max(1, mostScale());
          zooming.scaleExtent([1, most]);
          const scale = Math.min(most, Math.max(1, k));
          zooming.transform(
            flight(target, atOnce),
            zoomIdentity
              .translate(target.clientWidth / 2 - x * scale, target.clientHeight / 2 - y * scale)
              .scale(scale),
          );
        }),
    };
  }, [element, mostScale, reducedMotion]);
}
