import { VIEWS } from '../views/registry.ts';
import { Value } from '../views/store/value.ts';
import { editorTab } from './editor/editor-state.ts';
import type { Lab } from './lab.ts';
import { enterFullScreen } from './present/full-screen.ts';
import { toggleBeside } from './stage/two-pictures.ts';

/** What is open over the page. */
export type Overlay = 'scenarios' | 'keys' | 'share' | 'compare' | null;

export const overlay = new Value<Overlay>(null);

export interface Command {
  /** As KeyboardEvent.key says it, with `Shift+` in front where it matters. */
  readonly keys: readonly string[];
  readonly shown: string;
  readonly does: string;
  readonly run: (lab: Lab) => void;
}

/** Every key of the page, with what it does: the list of keys shows this table, and the keyboard runs it. */
export const COMMANDS: readonly Command[] = [
  { keys: [' '], shown: 'Space', does: 'Play and pause', run: (lab) => lab.togglePlay() },
  { keys: ['ArrowRight'], shown: '→', does: 'Step one event', run: (lab) => lab.step('event') },
  {
    keys: ['Shift+ArrowRight'],
    shown: 'Shift →',
    does: 'Step to the next event of the watched message',
    run: (lab) => lab.step('message'),
  },
  { keys: ['ArrowLeft'], shown: '←', does: 'Go back a hundredth of the run', run: (lab) => goBack(lab) },
  { keys: ['Home'], shown: 'Home', does: 'Back to the start', run: (lab) => lab.goTo(0) },
  {
    keys: ['c'],
    shown: 'c',
    does: 'Go to the cause of the step that is looked at',
    run: (lab) => lab.followHop('cause'),
  },
  { keys: ['v'], shown: 'v', does: 'Go to its consequence', run: (lab) => lab.followHop('consequence') },
  ...VIEWS.map((view, i) => ({
    keys: [String(i + 1)],
    shown: String(i + 1),
    does: `Show the picture: ${view.name.toLowerCase()}`,
    run: (lab: Lab) => lab.show(view.id),
  })),
  {
    keys: ['t'],
    shown: 't',
    does: 'Show two pictures side by side, or one',
    run: (lab) => toggleBeside(lab),
  },
  { keys: ['Escape'], shown: 'Esc', does: 'Select nothing', run: (lab) => lab.select(null) },
  {
    keys: ['e'],
    shown: 'e',
    does: 'Edit the scenario',
    run: () => editorTab.set(editorTab.current === null ? 'text' : null),
  },
  {
    keys: ['p'],
    shown: 'p',
    does: 'Present: the stage and the sentence in big type, arrow keys step through the script',
    run: (lab) => present(lab),
  },
  { keys: ['/'], shown: '/', does: 'Open the list of scenarios', run: () => overlay.set('scenarios') },
  { keys: ['?', 'Shift+?'], shown: '?', does: 'Show all keys', run: () => overlay.set('keys') },
];

function goBack(lab: Lab): void {
  const durationUs = lab.store.info?.durationUs ?? 0;
  lab.goTo(lab.store.timeUs - durationUs / 100);
}

/** Browsers give full screen to a press only: a link that opens in present mode waits for the key. */
export function present(lab: Lab): void {
  lab.mode.set('present');
  enterFullScreen();
}

const TYPING =
  'input:not([type=range]):not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable=true]';
/** What Space chooses, as nothing else does. */
const CHOOSABLE = '[role=option], [role=radio], [role=menuitem], [role=checkbox], [role=switch], input';
const PRESSABLE = 'button, a[href], [role=button], [role=tab], summary';

/** Runs the commands by key, unless what has the focus needs the key itself. Returns how to stop. */
export function listenForKeys(lab: Lab): () => void {
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || isTaken(event)) return;
    const target = targetOf(event);
    const arrow = event.key.startsWith('Arrow') || event.key === 'Home';
    if (arrow && target.closest('[data-owns-arrows], [role=tablist], [role=radiogroup]') !== null) return;
    const key = `${event.shiftKey ? 'Shift+' : ''}${event.key}`;
    const command = COMMANDS.find(({ keys }) => keys.includes(key));
    if (command === undefined || key === ' ') return;
    event.preventDefault();
    command.run(lab);
  };
  /** The button that was pressed last keeps the focus; Space after it is for the clock, Enter presses again. */
  const onSpace = (event: KeyboardEvent): void => {
    if (event.key !== ' ' || event.shiftKey || isTaken(event)) return;
    const target = targetOf(event);
    if (target.closest(CHOOSABLE) !== null) return;
    // While a question waits the clock cannot run: nothing else wants the key.
    if (lab.player.getSnapshot().value === 'asking' && target.closest(PRESSABLE) !== null) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.type === 'keydown' && !event.repeat) lab.togglePlay();
  };
  window.addEventListener('keydown', onKeyDown);
  // Before the button has it.
  window.addEventListener('keydown', onSpace, true);
  window.addEventListener('keyup', onSpace, true);
  return () => {
    window.removeEventListener('keydown', onKeyDown);
    window.removeEventListener('keydown', onSpace, true);
    window.removeEventListener('keyup', onSpace, true);
  };
}

const targetOf = ({ target }: Event): Element => (target instanceof Element ? target : document.body);

/** Somebody types, or something is open over the page. */
const isTaken = (event: KeyboardEvent): boolean =>
  event.ctrlKey ||
  event.metaKey ||
  event.altKey ||
  targetOf(event).closest(TYPING) !== null ||
  document.querySelector('[role=dialog], [role=menu]') !== null;
