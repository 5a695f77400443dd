import { useRef } from 'react';
import { formatCount } from '../../base/units.ts';
import type { Palette } from '../palette.ts';
import type { Table } from '../save/table.ts';
import type { PictureProps, Stage } from '../stage.ts';
import { useValue } from '../store/value.ts';
import { usePicture } from '../use-picture.ts';
import './skeleton.css';

/**
 * A picture to copy: what waits in front of each station, as bars. Copy this folder, rename, and add one line to `registry.ts`.
 *
 * The rules it keeps: it draws what the store holds and decides nothing; `usePicture` says when; React renders it once, never per frame; its colours come from the palette; what it shows
 * is said in words as well.
 */
export function Skeleton({ stage, size }: PictureProps) {
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);

  usePicture({
    stage,
    size,
    box,
    resize: ({ width, height, ratio }) => {
      if (canvas.current === null) return;
      canvas.current.width = Math.round(width * ratio);
      canvas.current.height = Math.round(height * ratio);
    },
    draw: () => {
      const context = canvas.current?.getContext('2d');
      if (context == null) return;
      const queues = stage.store.stations.map(({ queue }) => queue);
      drawBars(context, queues, stage.palette.current);
    },
  });

  return (
    <div className={`skeleton skeleton-${size}`} ref={box} data-saved>
      <canvas
        ref={canvas}
        role="img"
        aria-label="What waits at each station; the same in numbers under: in words"
      />
    </div>
  );
}

/** Bars from the left, the longest as wide as the canvas. A linear scale from 0. */
function drawBars(context: CanvasRenderingContext2D, values: readonly number[], palette: Palette): void {
  const { width, height } = context.canvas;
  context.fillStyle = palette.ground;
  context.fillRect(0, 0, width, height);
  context.fillStyle = palette.first;
  const highest = values.reduce((most, value) => Math.max(most, value), 1);
  const pitch = height / Math.max(1, values.length);
  for (const [i, value] of values.entries()) {
    context.fillRect(0, i * pitch, (value / highest) * width, Math.max(1, pitch * 0.7));
  }
}

/** The same in words: for screen readers, and for whoever wants numbers. */
export function SkeletonWords({ stage }: { readonly stage: Stage }) {
  const { info, stations } = useValue(stage.store.summary);
  if (info === null) return <p>Nothing waits: no scenario is open.</p>;
  return (
    <ul className="text-twin">
      {stations.map(({ node, queue }) => (
        <li key={node}>
          {info.stations[node]?.name}: {formatCount(queue)} waiting
        </li>
      ))}
    </ul>
  );
}

/** The data behind it, for a file: units stand last in the columns' names. In a picture of its own this is a file that is loaded when asked for. */
export function skeletonTable({ store: { info, stations } }: Stage): Table {
  return {
    columns: ['station', 'queue_messages'],
    rows: stations.map(({ node, queue }) => [info?.stations[node]?.name ?? null, queue]),
  };
}
