import { type KeyboardEvent, type MouseEvent, useRef, useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { Menu, MenuItem, MenuTrigger } from 'react-aria-components/Menu';
import { Popover } from 'react-aria-components/Popover';
import type { Stage } from '../stage.ts';
import { stationDeeds } from '../station-deeds.ts';
import { useValue, type Value } from '../store/value.ts';
import type { Box } from './fan-boxes.ts';

/** A station's box as something to press, in the order in which the picture is read. */
export interface PressableBox {
  readonly box: Box;
  readonly node: number;
  readonly name: string;
  /** What is wrong with it, or null. */
  readonly status: string | null;
}

interface Props {
  readonly stage: Stage;
  readonly boxes: Value<readonly PressableBox[]>;
}

/** The boxes as buttons over the drawing: press to select; b, the menu key or the right button opens what can be done to it. */
export function BoxButtons({ stage, boxes }: Props) {
  const all = useValue(boxes);
  const selection = useValue(stage.selection);
  const [menuFor, setMenuFor] = useState<number | null>(null);
  const selected = selection?.kind === 'station' ? selection.node : null;
  const open = (node: number): void => {
    stage.select({ kind: 'station', node });
    setMenuFor(node);
  };
  return (
    <>
      {all.map(({ box, node, name, status }) => (
        // biome-ignore lint/a11y/noStaticElementInteractions: the button inside is the control; this hears its keys and the right button
        <div
          key={node}
          className="fan-place"
          style={{ left: box.x, top: box.y, width: box.width, height: box.height }}
          onContextMenu={(event: MouseEvent) => {
            event.preventDefault();
            open(node);
          }}
          onKeyDown={(event: KeyboardEvent) => {
            if (event.key !== 'b' || event.ctrlKey || event.metaKey || event.altKey) return;
            event.preventDefault();
            open(node);
          }}
          data-narrow={box.width < 110 || undefined}
          role="presentation"
        >
          <Button
            className="fan-press"
            aria-label={`${name}${status === null ? '' : `, ${status}`}${node === selected ? ', selected' : ''}`}
            onPress={() => stage.select({ kind: 'station', node })}
          />
          {node === selected && (
            <BreakMenu
              stage={stage}
              node={node}
              name={name}
              isOpen={menuFor === node}
              onOpenChange={(isOpen) => setMenuFor(isOpen ? node : null)}
            />
          )}
        </div>
      ))}
    </>
  );
}

interface MenuProps {
  readonly stage: Stage;
  readonly node: number;
  readonly name: string;
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
}

/** What can be done to a station, at its box. It lasts until it is mended; the inspector can give it an end. */
function BreakMenu({ stage, node, name, isOpen, onOpenChange }: MenuProps) {
  const { info, stations } = useValue(stage.store.summary);
  const trigger = useRef<HTMLButtonElement>(null);
  const station = info?.stations.find((one) => one.node === node);
  if (info === null || station === undefined) return null;
  const deeds = stationDeeds(info.stations, station, stations.find((frame) => frame.node === node) ?? null);
  return (
    <MenuTrigger isOpen={isOpen} onOpenChange={onOpenChange}>
      <Button ref={trigger} className="fan-break" aria-label={`Break or mend ${name}`}>
        break
      </Button>
      <Popover className="popover" placement="bottom end" offset={2}>
        <Menu
          className="menu"
          autoFocus="first"
          disabledKeys={deeds.filter(({ isPossible }) => !isPossible).map(({ id }) => id)}
          onAction={(key) => {
            const deed = deeds.find(({ id }) => id === key);
            if (deed !== undefined) stage.act(deed.action(null));
          }}
        >
          {deeds.map(({ id, words }) => (
            <MenuItem key={id} id={id} textValue={words}>
              {words}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
