import { memo, type RefObject } from 'react';
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox';
import { groupDigits } from '../../base/text.ts';
import type { StationFrame } from '../../worker/protocol.ts';
import type { Stage } from '../stage.ts';
import { useValue } from '../store/value.ts';
import { type CrowdBlock, frameOf } from './blocks.ts';
import type { CrowdGeometry, Viewpoint } from './crowd-geometry.ts';
import { LABEL_HEIGHT } from './layout.ts';
import { statusWord } from './status-word.ts';

/** Below this a block has no room for its name; the name stays for screen readers and the pointer's note. */
const NARROWEST = 20;
/** Labels keep this distance from the edge of the picture. */
const EDGE = 4;
/** Below this it is called by its number alone. */
const ROOM_FOR_NAME = 84;
const ROOM_FOR_COUNT = 130;

interface Props {
  readonly stage: Stage;
  readonly blocks: readonly CrowdBlock[];
  readonly layer: RefObject<HTMLDivElement | null>;
}

/**
 * The names of the blocks, as a list box over the canvas: arrow keys go from server to server, Enter selects. React renders it when a
 * scenario opens or the selection changes; where the labels stand and what they count is written by `placeLabels`.
 */
export const CrowdLabels = memo(function CrowdLabels({ stage, blocks, layer }: Props) {
  const selection = useValue(stage.selection);
  const selected = selection?.kind === 'station' ? [String(selection.node)] : [];
  return (
    <ListBox
      ref={layer}
      className="crowd-labels"
      aria-label="Servers"
      layout="grid"
      selectionMode="single"
      selectionBehavior="replace"
      selectedKeys={selected}
      onSelectionChange={(keys) => {
        const key = keys === 'all' ? undefined : [...keys][0];
        stage.select(key === undefined ? null : { kind: 'station', node: Number(key) });
      }}
      data-owns-arrows
    >
      {blocks.map((block, b) => (
        <ListBoxItem
          key={block.name}
          id={block.station === null ? 'unseated' : String(block.station.node)}
          textValue={block.name}
          aria-label={block.name}
          className="crowd-label"
          isDisabled={block.station === null}
          data-block={b}
        >
          <span data-name>{block.name}</span>
          <span className="crowd-label-count" data-count />
        </ListBoxItem>
      ))}
    </ListBox>
  );
});

/** Puts the labels where their blocks are, and the newest counts into them. */
export function placeLabels(
  layer: HTMLElement,
  geometry: CrowdGeometry,
  view: Viewpoint,
  stations: readonly StationFrame[],
): void {
  for (const child of layer.querySelectorAll<HTMLElement>('[data-block]')) {
    const b = Number(child.dataset.block);
    const block = geometry.blocks[b];
    const place = geometry.places[b];
    if (block === undefined || place === undefined) continue;
    const width = place.labelWidth * view.k;
    // The label of a block that is looked into stays in view.
    const x = Math.max(place.x * view.k + view.x - 3, EDGE);
    const top = place.y * view.k + view.y - LABEL_HEIGHT - 3;
    const y = Math.min(Math.max(top, EDGE), (place.y + place.height) * view.k + view.y - LABEL_HEIGHT);
    child.style.transform = `translate(${x}px, ${y}px)`;
    const over = y > top;
    child.toggleAttribute('data-over', over);
    // Labels of blocks out of sight would pile up at the edge.
    const [left, right] = [place.x * view.k + view.x, (place.x + place.width) * view.k + view.x];
    const bottom = (place.y + place.height) * view.k + view.y;
    const isOut = right < 0 || left > geometry.width || bottom < 0 || top > geometry.height;
    const narrow = width < NARROWEST || isOut;
    child.style.width = narrow || over ? '' : `${Math.round(width)}px`;
    child.classList.toggle('unseen', narrow);
    const name = child.querySelector<HTMLElement>('[data-name]');
    const shown = width < ROOM_FOR_NAME ? (/\d+$/.exec(block.name)?.[0] ?? block.name) : block.name;
    if (name !== null && name.textContent !== shown) name.textContent = shown;
    const frame = frameOf(stations, block);
    const word = statusWord(frame);
    const count = block.station === null ? geometry.unseated : (frame?.connections ?? 0);
    const text = `${groupDigits(count)}${word === null ? '' : `, ${word}`}`;
    const cell = child.querySelector<HTMLElement>('[data-count]');
    if (cell !== null && cell.textContent !== text) cell.textContent = text;
    cell?.classList.toggle('unseen', width < ROOM_FOR_COUNT);
    child.toggleAttribute('data-broken', word !== null);
  } // The note on the scale stands at the right end of the strip's label line, whatever the zoom.
  const strip = geometry.places[geometry.blocks.findIndex((block) => block.station === null)];
  const note = layer.parentElement?.querySelector<HTMLElement>('.scale-note');
  if (note != null && strip !== undefined) note.style.top = `${strip.y - LABEL_HEIGHT - 3}px`;
}
