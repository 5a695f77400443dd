import { niceStepUs } from '../drawing/geometry.ts';
import type { RateLab } from './rate-lab.ts';

/**
 * The timeline by keyboard. On the frame: arrows move it, with shift ten steps at once, Page Up and Page Down go from request to request. On a
 * request: arrows go to its neighbours, with shift they move it, Delete deletes it. Returns how to stop.
 */
export function listenToKeys(svg: SVGSVGElement, lab: RateLab): () => void {
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target instanceof Element ? event.target : null;
    const mark = target?.closest('[data-request]') ?? null;
    const done =
      mark !== null
        ? onRequest(event, Number(mark.getAttribute('data-request')))
        : target?.closest('.rate-grip') != null && onFrame(event);
    if (done) {
      event.preventDefault();
      event.stopPropagation();
    }
  };
  const stepUs = (): number => niceStepUs(lab.timeline.current.settings.windowUs / 120);
  const focusOn = (id: number): void => {
    // The picture is drawn in the next tick of the page's loop; then the mark is there.
    requestAnimationFrame(() =>
      requestAnimationFrame(() => svg.querySelector<SVGGElement>(`[data-request="${id}"]`)?.focus()),
    );
  };

  function onFrame({ key, shiftKey }: KeyboardEvent): boolean {
    if (Number.isFinite(lab.shown)) return false;
    const { timeUs } = lab.cursor.current;
    const by = stepUs() * (shiftKey ? 10 : 1);
    const { requests, untilUs } = lab.timeline.current;
    switch (key) {
      case 'ArrowRight':
      case 'ArrowUp':
        lab.lookAtTime(timeUs + by);
        return true;
      case 'ArrowLeft':
      case 'ArrowDown':
        lab.lookAtTime(timeUs - by);
        return true;
      case 'Home':
        lab.lookAtTime(0);
        return true;
      case 'End':
        lab.lookAtTime(untilUs);
        return true;
      case 'PageUp':
      case 'PageDown': {
        const next = lab.neighbour(
          requests.map((_, place) => place),
          key === 'PageDown' ? 1 : -1,
        );
        if (next !== null) lab.lookAtPlace(next);
        return true;
      }
      default:
        return false;
    }
  }

  function onRequest({ key, shiftKey }: KeyboardEvent, id: number): boolean {
    if (lab.gameState === 'asking' || lab.gameState === 'told') return false;
    const { requests, source } = lab.timeline.current;
    const place = requests.findIndex((request) => request.id === id);
    const request = requests[place];
    if (request === undefined) return false;
    const canChange = source === 'lab';
    const go = (to: number): boolean => {
      const other = requests[Math.min(requests.length - 1, Math.max(0, to))];
      if (other !== undefined) {
        lab.lookAt(other.id);
        focusOn(other.id);
      }
      return true;
    };
    const move = (by: number): boolean => {
      if (canChange) lab.move(id, request.timeUs + by);
      return canChange;
    };
    switch (key) {
      case 'ArrowRight':
        return shiftKey ? move(stepUs()) : go(place + 1);
      case 'ArrowLeft':
        return shiftKey ? move(-stepUs()) : go(place - 1);
      case 'Home':
        return go(0);
      case 'End':
        return go(requests.length - 1);
      case 'Delete':
      case 'Backspace': {
        if (!canChange) return false;
        lab.delete(id);
        const next = lab.cursor.current.request;
        if (next !== null) focusOn(next);
        return true;
      }
      default:
        return false;
    }
  }

  svg.addEventListener('keydown', onKeyDown);
  return () => svg.removeEventListener('keydown', onKeyDown);
}
