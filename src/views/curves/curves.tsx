import { type PointerEvent, useCallback, useEffect, useRef, useState } from 'react';
import { ToggleButton } from 'react-aria-components/ToggleButton';
import { ToggleButtonGroup } from 'react-aria-components/ToggleButtonGroup';
import { enlargement, pointIn } from '../pointer.ts';
import type { Stage } from '../stage.ts';
import { useRedraw } from '../stage.ts';
import { useValue, Value } from '../store/value.ts';
import { CurvesPainter } from './curves-painter.ts';
import './curves.css';

const INTERVAL_MS = { large: 66, strip: 66, thumbnail: 250 };

interface Props {
  readonly stage: Stage;
  readonly size: 'large' | 'strip' | 'thumbnail';
}

/** Rates, latency and connections over virtual time: small multiples on one time axis, with a cursor. */
export function Curves({ stage, size }: Props) {
  const { store, loop } = stage;
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const painter = useRef<CurvesPainter | null>(null);
  const drawn = useRef({ revision: -1, atMs: 0 });
  const stale = useRef(true);
  const [hover] = useState(() => new Value<number | null>(null));
  const [span] = useState(() => new Value<'run' | 'so far'>('run'));
  const shownSpan = useValue(span);

  const domain = useCallback((): readonly [number, number] => {
    const durationUs = store.info?.durationUs ?? 1;
    const endUs = span.current === 'so far' ? Math.max(store.timeUs, store.curve.latestTimeUs) : durationUs;
    return [0, Math.max(1, endUs)];
  }, [store, span]);

  const touch = useCallback(() => {
    stale.current = true;
    loop.request();
  }, [loop]);

  useEffect(() => {
    const target = canvas.current;
    const outer = box.current;
    if (target === null || outer === null) return;
    const made = new CurvesPainter(target);
    painter.current = made;
    const observer = new ResizeObserver(() => {
      made.resize(outer.clientWidth, outer.clientHeight, window.devicePixelRatio * enlargement(outer));
      touch();
    });
    observer.observe(outer);
    const stops = [stage.palette, hover, span, store.summary].map((value) => value.subscribe(touch));
    return () => {
      observer.disconnect();
      for (const stop of stops) stop();
      painter.current = null;
    };
  }, [stage, store, hover, span, touch]);

  const redraw = useCallback(
    (nowMs: number) => {
      if (painter.current === null) return;
      if (store.revision === drawn.current.revision && !stale.current) return;
      if (nowMs - drawn.current.atMs < INTERVAL_MS[size] && store.revision !== drawn.current.revision) {
        if (!stale.current) return;
      }
      drawn.current = { revision: store.revision, atMs: nowMs };
      stale.current = false;
      painter.current.draw({
        curve: store.curve,
        palette: stage.palette.current,
        domainUs: domain(),
        nowUs: store.timeUs,
        hoverUs: hover.current,
        size,
      });
    },
    [store, stage, hover, domain, size],
  );
  useRedraw(loop, redraw);

  const timeOf = (event: PointerEvent): number | null => {
    return box.current === null || painter.current === null
      ? null
      : painter.current.timeAt(pointIn(box.current, event).x, domain());
  };

  if (size === 'thumbnail') {
    return (
      <div className="curves-thumbnail" ref={box}>
        <canvas ref={canvas} />
      </div>
    );
  }
  return (
    <div className={`curves curves-${size}`}>
      <div
        className="curves-box"
        data-saved={size === 'large' || undefined}
        ref={box}
        role="presentation"
        onPointerMove={(event) => hover.set(timeOf(event))}
        onPointerLeave={() => hover.set(null)}
        onPointerUp={(event) => {
          const timeUs = timeOf(event);
          if (timeUs !== null) stage.goTo(timeUs);
        }}
      >
        <canvas
          ref={canvas}
          role="img"
          aria-label="Curves over virtual time; the same in numbers under: in words"
        />
      </div>
      {size === 'large' && (
        <div className="curves-foot">
          <span className="quiet">Press on a moment to go there.</span>
          <ToggleButtonGroup
            aria-label="Time axis"
            selectionMode="single"
            disallowEmptySelection
            selectedKeys={[shownSpan]}
            onSelectionChange={(keys) => span.set(keys.has('run') ? 'run' : 'so far')}
            className="choice-row"
          >
            <ToggleButton id="run" className="small-button">
              whole run
            </ToggleButton>
            <ToggleButton id="so far" className="small-button">
              so far
            </ToggleButton>
          </ToggleButtonGroup>
        </div>
      )}
    </div>
  );
}
