import { JSDOM } from 'jsdom';
import { act, createRef } from 'react';
import { describe, expect, test, vi } from 'vitest';
import type { Stage } from '../../../src/views/stage.ts';
import { FrameLoop, type Tick } from '../../../src/views/store/frame-loop.ts';
import { Value } from '../../../src/views/store/value.ts';
import { usePicture } from '../../../src/views/use-picture.ts';

const { window } = new JSDOM('');
const { document, navigator } = window;
for (const [name, value] of Object.entries({ window, document, navigator, IS_REACT_ACT_ENVIRONMENT: true }))
  vi.stubGlobal(name, value);
const { createRoot } = await import('react-dom/client');

interface Shown {
  readonly size?: 'large' | 'thumbnail';
  readonly followsRun?: boolean;
  readonly asksAgain?: boolean;
}

/** A picture on a stage whose ticks the test gives: when it was drawn, in milliseconds, and whether it was stale then. */
function shown({ size = 'large', followsRun = true, asksAgain = false }: Shown) {
  const asked: Tick[] = [];
  const store = { revision: 0, summary: new Value(0) };
  const stage = {
    store,
    loop: new FrameLoop((tick) => asked.push(tick)),
    selection: new Value<unknown>(null),
    witness: new Value(null),
    palette: new Value(null),
    reducedMotion: new Value(false),
  };
  const drawn: (readonly [number, boolean])[] = [];
  const box = createRef<HTMLElement>();
  function Picture() {
    usePicture({
      stage: stage as unknown as Stage,
      size,
      box,
      everyMs: 100,
      followsRun,
      draw: (nowMs, isStale) => {
        drawn.push([nowMs, isStale]);
        return asksAgain && drawn.length < 3 ? 'later' : undefined;
      },
    });
    return null;
  }
  const root = createRoot(document.createElement('main'));
  act(() => root.render(<Picture />));
  /** Gives a tick if somebody has asked for one. */
  const tick = (nowMs: number): void => asked.splice(0).forEach((one) => void one(nowMs));
  /** Another frame has arrived. */
  const frame = (nowMs: number): void => {
    store.revision++;
    stage.loop.request();
    tick(nowMs);
  };
  tick(0);
  return { stage, drawn, tick, frame, asked };
}

describe('a picture', () => {
  test('is drawn at first, with each frame that is not too early, and not again without one', () => {
    const { drawn, tick, frame, stage } = shown({});
    frame(150);
    stage.loop.request();
    tick(400);
    expect(drawn).toEqual([
      [0, true],
      [150, false],
    ]);
  });

  test('draws the last frame of a run that has stopped, although it came too early', () => {
    const { drawn, tick, frame, asked } = shown({});
    frame(50);
    expect(drawn).toHaveLength(1);
    tick(90);
    tick(110);
    expect(drawn.at(-1)).toEqual([110, false]);
    expect(asked).toEqual([]);
  });

  test('is drawn at once, however early, when the selection or what is known of the run has changed', () => {
    const { drawn, tick, stage } = shown({});
    stage.selection.set({ kind: 'user', user: 1 });
    tick(10);
    stage.store.summary.set(1);
    tick(20);
    expect(drawn).toEqual([
      [0, true],
      [10, true],
      [20, true],
    ]);
  });

  test('follows a run more slowly as a thumbnail', () => {
    const { drawn, frame } = shown({ size: 'thumbnail' });
    frame(150);
    frame(310);
    expect(drawn.map(([atMs]) => atMs)).toEqual([0, 310]);
  });

  test('that has nothing to do with the run takes no frame', () => {
    const { drawn, frame, asked } = shown({ followsRun: false });
    frame(500);
    expect(drawn).toHaveLength(1);
    expect(asked).toEqual([]);
  });

  test('that says later is asked again at the next tick', () => {
    const { drawn, tick, asked } = shown({ asksAgain: true });
    tick(5);
    tick(6);
    expect(drawn.map(([atMs]) => atMs)).toEqual([0, 5, 6]);
    expect(asked).toEqual([]);
  });
});
