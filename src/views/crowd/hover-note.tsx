import { type RefObject, useLayoutEffect, useRef } from 'react';
import { counted, groupDigits } from '../../base/text.ts';
import { SEAT_STATES } from '../../worker/protocol.ts';
import { userName } from '../names.ts';
import type { Stage } from '../stage.ts';
import { useValue, type Value } from '../store/value.ts';
import { type CrowdBlock, frameOf } from './blocks.ts';
import type { Hit } from './crowd-geometry.ts';
import type { CrowdPainter } from './crowd-painter.ts';
import { SEAT_WORDS } from './seat-shapes.ts';
import { statusWord } from './status-word.ts';
import type { Zoom } from './use-zoom.ts';

interface Props {
  readonly stage: Stage;
  readonly blocks: readonly CrowdBlock[];
  readonly hover: Value<Hit | null>;
  readonly painter: RefObject<CrowdPainter | null>;
  readonly zoom: Zoom;
}

/** What the pointer is on. The same is said by the labels and the seat cursor, so screen readers skip it. */
export function HoverNote({ stage, blocks, hover, painter, zoom }: Props) {
  const hit = useValue(hover);
  const summary = useValue(stage.store.summary);
  const note = useRef<HTMLDivElement>(null);
  const block = hit === null ? undefined : blocks[hit.block];

  useLayoutEffect(() => {
    const made = painter.current?.geometry;
    const target = note.current;
    const place = hit === null ? undefined : made?.places[hit.block];
    if (made === undefined || target === null || hit === null || place === undefined) return;
    const { k, x, y } = zoom.view.current;
    const seat = hit.seat >= 0 ? made.seatOnScreen(hit.seat, zoom.view.current) : null;
    const outer = target.parentElement;
    const wide = (outer?.clientWidth ?? 0) - target.offsetWidth - 4;
    const left = seat === null ? place.x * k + x : seat.x + seat.cell / 2 + 6;
    const top =
      seat === null
        ? Math.min((place.y + place.height) * k + y + 6, (outer?.clientHeight ?? 0) - target.offsetHeight - 4)
        : seat.y - target.offsetHeight / 2;
    target.style.transform = `translate(${Math.round(Math.max(4, Math.min(left, wide)))}px, ${Math.round(Math.max(4, top))}px)`;
  });

  if (hit === null || block === undefined || summary.info === null) return null;
  let words: string;
  if (hit.seat >= 0) {
    const user = stage.store.occupants.get(hit.seat) ?? -1;
    const state = SEAT_STATES[stage.store.seats[hit.seat] ?? 0] ?? 'empty';
    words = `${user >= 0 ? `${userName(summary.info, user)}: ` : ''}${SEAT_WORDS[state].label}`;
  } else {
    const frame = frameOf(summary.stations, block);
    const count =
      block.station === null ? (painter.current?.geometry.unseated ?? 0) : (frame?.connections ?? 0);
    const word = statusWord(frame);
    words =
      block.station === null
        ? `${counted(count, 'user')} without a connection`
        : `${block.name}: ${counted(count, 'connection')} of ${groupDigits(block.to - block.from)}${word === null ? '' : `, ${word}`}`;
  }
  return (
    <div className="hover-note" ref={note} aria-hidden="true">
      {words}
    </div>
  );
}
