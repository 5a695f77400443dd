import { Button } from 'react-aria-components/Button';
import { Menu, MenuItem, MenuTrigger } from 'react-aria-components/Menu';
import { Popover } from 'react-aria-components/Popover';
import { useValue } from '../../views/store/value.ts';
import { worldName } from '../../worker/world-choice.ts';
import { overlay } from '../commands.ts';
import { DownIcon } from '../icons.tsx';
import type { Lab } from '../lab.ts';
import { useLab, useSummary } from '../lab-context.ts';

const WORLD = 'world:';
const NONE: readonly string[] = [];

/** The worlds that can be shown beside the one that is open, as items of a menu. */
export function useCompareItems(): readonly { readonly id: string; readonly words: string }[] {
  const worlds = useSummary((summary) => summary.info?.worlds) ?? NONE;
  const comparison = useValue(useLab().comparison);
  return [
    ...worlds.slice(1).map((name) => ({ id: `${WORLD}${name}`, words: `with: ${name}` })),
    { id: 'compare-setting', words: 'with one setting changed…' },
    ...(comparison === null ? [] : [{ id: 'compare-stop', words: 'stop comparing' }]),
  ];
}

/** Does what an item of the menu says; false: it is no item of it. */
export function runCompareItem(lab: Lab, id: string): boolean {
  if (id === 'compare-stop') lab.compareWith(null);
  else if (id === 'compare-setting') overlay.set('compare');
  else if (id.startsWith(WORLD)) lab.compareWith({ kind: 'named', name: id.slice(WORLD.length) });
  else return false;
  return true;
}

/** Two worlds side by side: which, and how to stop. */
export function CompareMenu() {
  const lab = useLab();
  const isOpened = useSummary((summary) => summary.info !== null);
  const comparison = useValue(lab.comparison);
  const items = useCompareItems();
  return (
    <MenuTrigger>
      <Button className="bar-button" isDisabled={!isOpened}>
        <span className="ellipsis">
          {comparison === null ? 'compare' : `compared with: ${worldName(comparison)}`}
        </span>
        <DownIcon />
      </Button>
      <Popover className="popover" placement="bottom end">
        <Menu
          className="menu"
          aria-label="Compare this world"
          onAction={(key) => runCompareItem(lab, String(key))}
        >
          {items.map(({ id, words }) => (
            <MenuItem key={id} id={id}>
              {words}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
