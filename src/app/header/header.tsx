import { Button } from 'react-aria-components/Button';
import { Menu, MenuItem, MenuTrigger } from 'react-aria-components/Menu';
import { Popover } from 'react-aria-components/Popover';
import { useValue } from '../../views/store/value.ts';
import { overlay, present } from '../commands.ts';
import { editorTab } from '../editor/editor-state.ts';
import { DownIcon } from '../icons.tsx';
import { useLab, useSummary } from '../lab-context.ts';
import type { ThemeChoice } from '../theme.ts';
import { Tip } from '../tip.tsx';
import { CompareMenu, runCompareItem, useCompareItems } from './compare-menu.tsx';
import { DesignSummary } from './design-summary.tsx';

const THEMES: readonly { readonly id: ThemeChoice; readonly words: string }[] = [
  { id: 'auto', words: 'as the system' },
  { id: 'light', words: 'light' },
  { id: 'dark', words: 'dark' },
];

/** Name, scenario, design, and what concerns the page as a whole. */
export function Header({ narrow }: { readonly narrow: boolean }) {
  const lab = useLab();
  const opening = useValue(lab.opening);
  const title = useSummary((summary) => summary.info?.title);
  return (
    <header className="header">
      <h1>Fanout</h1>
      <Tip text="Choose a scenario" keys="/">
        <Button className="bar-button scenario-button" onPress={() => overlay.set('scenarios')}>
          <span className="ellipsis">{title ?? opening?.name ?? 'choose a scenario'}</span>
          <DownIcon />
        </Button>
      </Tip>
      {!narrow && <DesignSummary />}
      <span className="spacer" />
      {narrow ? (
        <MoreMenu />
      ) : (
        <>
          <CompareMenu />
          <Button
            className="bar-button"
            isDisabled={title === undefined}
            onPress={() => overlay.set('share')}
          >
            share
          </Button>
          <Tip text="Full screen and big type" keys="p">
            <Button className="bar-button" isDisabled={title === undefined} onPress={() => present(lab)}>
              present
            </Button>
          </Tip>
          <ThemeMenu />
          <Tip text="All keys" keys="?">
            <Button className="bar-button" aria-label="Keys and help" onPress={() => overlay.set('keys')}>
              ?
            </Button>
          </Tip>
        </>
      )}
    </header>
  );
}

function ThemeMenu() {
  const { theme } = useLab();
  const choice = useValue(theme.choice);
  return (
    <MenuTrigger>
      <Button className="bar-button">theme</Button>
      <Popover className="popover" placement="bottom end">
        <Menu
          className="menu"
          selectionMode="single"
          disallowEmptySelection
          selectedKeys={[choice]}
          onAction={(key) => theme.choice.set(THEMES.find((one) => one.id === key)?.id ?? 'auto')}
        >
          {THEMES.map((one) => (
            <MenuItem key={one.id} id={one.id}>
              {one.words}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

/** On a phone: everything that has no room in the header. */
function MoreMenu() {
  const lab = useLab();
  const { theme } = lab;
  const isOpened = useSummary((summary) => summary.info !== null);
  const worlds = useCompareItems();
  return (
    <MenuTrigger>
      <Button className="bar-button" aria-label="More">
        more
      </Button>
      <Popover className="popover" placement="bottom end">
        <Menu
          className="menu"
          onAction={(key) => {
            if (runCompareItem(lab, String(key))) return;
            if (key === 'share' || key === 'keys') overlay.set(key);
            else if (key === 'present') present(lab);
            else if (key === 'edit') editorTab.set('text');
            else theme.choice.set(THEMES.find((one) => `theme-${one.id}` === key)?.id ?? 'auto');
          }}
        >
          <MenuItem id="edit">edit the scenario</MenuItem>
          <MenuItem id="share">share this moment</MenuItem>
          {isOpened &&
            worlds.map(({ id, words }) => (
              <MenuItem key={id} id={id}>
                {words.startsWith('with') ? `compare ${words}` : words}
              </MenuItem>
            ))}
          <MenuItem id="present">present</MenuItem>
          {THEMES.map((one) => (
            <MenuItem key={one.id} id={`theme-${one.id}`}>
              theme: {one.words}
            </MenuItem>
          ))}
          <MenuItem id="keys">keys and help</MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
