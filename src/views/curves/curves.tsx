import { type PointerEvent, useEffect, useRef, useState } from 'react';
import { ToggleButton } from 'react-aria-components/ToggleButton';
import { ToggleButtonGroup } from 'react-aria-components/ToggleButtonGroup';
import { pointIn } from '../pointer.ts';
import type { Stage } from '../stage.ts';
import { useValue, Value } from '../store/value.ts';
import { usePicture } from '../use-picture.ts';
import { CurvesPainter } from './curves-painter.ts';
import './curves.css';

const INTERVAL_MS = 66;

interface Props {
  readonly stage: Stage;
  readonly size: 'large' | 'strip' | 'thumbnail';
}

/** Rates, latency and connections over virtual time: small multiples on one time axis, with a cursor. */
export function Curves({ stage, size }: Props) {
  const { store } = stage;
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const painter = useRef<CurvesPainter | null>(null);
  const [hover] = useState(() => new Value<number | null>(null));
  const [span] = useState(() => new Value<'run' | 'so far'>('run'));
  const shownSpan = useValue(span);

  const domain = (): readonly [number, number] => {
    const durationUs = store.info?.durationUs ?? 1;
    const endUs = span.current === 'so far' ? Math.max(store.timeUs, store.curve.latestTimeUs) : durationUs;
    return [0, Math.max(1, endUs)];
  };

  const touch = usePicture({
    stage,
    size,
    box,
    everyMs: INTERVAL_MS,
    resize: ({ width, height, ratio }) => painter.current?.resize(width, height, ratio),
    draw: () => {
      painter.current?.draw({
        curve: store.curve,
        palette: stage.palette.current,
        domainUs: domain(),
        nowUs: store.timeUs,
        hoverUs: hover.current,
        size,
      });
    },
  });
  useEffect(() => {
    if (canvas.current === null) return;
    painter.current = new CurvesPainter(canvas.current);
    const stops = [hover, span].map((value) => value.subscribe(touch));
    return () => {
      for (const stop of stops) stop();
      painter.current = null;
    };
  }, [hover, span, touch]);

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
