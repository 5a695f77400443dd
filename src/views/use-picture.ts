import { type RefObject, useCallback, useEffect, useEffectEvent, useRef, useState } from 'react';
import { enlargement } from './pointer.ts';
import { type PictureProps, type Stage, useRedraw } from './stage.ts';

/** The room that a picture fills, in the pixels that it is laid out in; one of these is `ratio` of the screen's. */
interface Room {
  readonly width: number;
  readonly height: number;
  readonly ratio: number;
}

/** A thumbnail follows a running simulation no faster than this. */
const THUMBNAIL_MS = 300;

interface PictureParts {
  readonly stage: Stage;
  readonly size: PictureProps['size'] | 'strip';
  /** The element whose room the picture fills, if it has one. */
  readonly box: RefObject<HTMLElement | null>;
  /** A large picture follows a running simulation no faster than this; 0: each frame. */
  readonly everyMs?: number;
  /** False: frames are nothing to it. */
  readonly followsRun?: boolean;
  /** Called when its room has changed, and at first. */
  readonly resize?: (room: Room, box: HTMLElement) => void;
  /** Draws what the store holds; `isStale`: something else than a frame has changed. `later`: ask again at the next tick. */
  readonly draw: (nowMs: number, isStale: boolean) => 'later' | undefined;
}

/**
 * What every picture does: it takes a frame in when the store holds another, and looks again when its room, the selection, the witness, the
 * theme or what the page knows of the scenario has changed; all in the page's one loop. Returns how to say that something of its own has changed.
 */
export function usePicture({
  stage,
  size,
  box,
  everyMs = 0,
  followsRun = true,
  resize,
  draw,
}: PictureParts): () => void {
  const { store, loop, selection, witness, palette, reducedMotion } = stage;
  const drawn = useRef({ revision: -1, atMs: Number.NEGATIVE_INFINITY });
  const stale = useRef(true);
  const touch = useCallback(() => {
    stale.current = true;
    loop.request();
  }, [loop]);

  const measure = useEffectEvent((outer: HTMLElement) => {
    const { clientWidth: width, clientHeight: height } = outer;
    resize?.({ width, height, ratio: window.devicePixelRatio * enlargement(outer) }, outer);
    touch();
  });
  useEffect(() => {
    const outer = box.current;
    if (outer === null) return;
    const observer = new ResizeObserver(() => measure(outer));
    observer.observe(outer);
    return () => observer.disconnect();
  }, [box]);
  useEffect(() => {
    const stops = [selection, witness, palette, reducedMotion, store.summary].map((value) =>
      value.subscribe(touch),
    );
    return () => {
      for (const stop of stops) stop();
    };
  }, [selection, witness, palette, reducedMotion, store, touch]);

  const takeIn = useEffectEvent((nowMs: number) => {
    const isStale = stale.current;
    if (!isStale && (!followsRun || store.revision === drawn.current.revision)) return;
    const waitMs = size === 'thumbnail' ? THUMBNAIL_MS : everyMs;
    if (!isStale && nowMs - drawn.current.atMs < waitMs) return loop.request();
    drawn.current = { revision: store.revision, atMs: nowMs };
    stale.current = false;
    if (draw(nowMs, isStale) === 'later') touch();
  });
  const redraw = useCallback((nowMs: number) => takeIn(nowMs), []);
  useRedraw(loop, redraw);
  return touch;
}

interface ModelParts<Model> extends Omit<PictureParts, 'draw'> {
  /** Makes the model when what it is made from has changed; `later` when it is too early. */
  readonly update: (nowMs: number) => boolean | 'later';
  readonly modelOf: () => Model | null;
  /** Sets what moves with the clock, between one rendering and the next. */
  readonly place: (model: Model) => void;
}

/** A picture of few marks, which React draws from a model that is made no more often than it can be read. */
export function useModelPicture<Model>({
  update,
  modelOf,
  place,
  ...parts
}: ModelParts<Model>): readonly [Model | null, () => void] {
  const [model, setModel] = useState<Model | null>(null);
  const touch = usePicture({
    ...parts,
    draw: (nowMs) => {
      const updated = update(nowMs);
      const made = modelOf();
      if (updated === true) setModel(made);
      if (made !== null) place(made);
      return updated === 'later' ? 'later' : undefined;
    },
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: what moves with the clock is placed in a new model at once
  useEffect(touch, [touch, model]);
  return [model, touch];
}
