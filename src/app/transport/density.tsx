import { useCallback, useEffect, useRef } from 'react';
import { useRedraw } from '../../views/stage.ts';
import { useLab } from '../lab-context.ts';

const INTERVAL_MS = 200;

/** Deliveries a second along the scrubber: where in the run something happens. */
export function Density({ durationUs }: { readonly durationUs: number }) {
  const lab = useLab();
  const canvas = useRef<HTMLCanvasElement>(null);
  const drawn = useRef({ revision: -1, atMs: 0 });

  const redraw = useCallback(
    (nowMs: number) => {
      const target = canvas.current;
      const { store } = lab;
      if (target === null || store.revision === drawn.current.revision) return;
      if (nowMs - drawn.current.atMs < INTERVAL_MS && store.timeUs !== 0) return;
      drawn.current = { revision: store.revision, atMs: nowMs };
      const context = target.getContext('2d');
      if (context === null) return;
      const ratio = window.devicePixelRatio;
      const [width, height] = [
        Math.round(target.clientWidth * ratio),
        Math.round(target.clientHeight * ratio),
      ];
      if (target.width !== width) target.width = width;
      if (target.height !== height) target.height = height;
      context.clearRect(0, 0, width, height);
      const { curve } = store;
      const times = curve.column('timeUs');
      const rates = curve.column('deliveriesPerSecond');
      let highest = 1;
      for (let i = 0; i < curve.length; i++) highest = Math.max(highest, rates[i]!);
      context.fillStyle = lab.palette.current.line;
      let from = 0;
      for (let i = 0; i < curve.length; i++) {
        const to = (times[i]! / durationUs) * width;
        const size = (rates[i]! / highest) * height;
        context.fillRect(from, height - size, Math.max(1, to - from), size);
        from = to;
      }
    },
    [lab, durationUs],
  );
  useRedraw(lab.loop, redraw);
  useEffect(
    () =>
      lab.palette.subscribe(() => {
        drawn.current.revision = -1;
        lab.loop.request();
      }),
    [lab],
  );
  return <canvas className="density" ref={canvas} role="img" aria-label="Deliveries a second over the run" />;
}
