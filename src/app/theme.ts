import { cssProperties, DARK, LIGHT, type Palette } from '../views/palette.ts';
import { Value } from '../views/store/value.ts';

export type ThemeChoice = 'auto' | 'light' | 'dark';

const KEY = 'fanout.theme';

/** A media query as a value that follows it. */
export function mediaValue(query: string): Value<boolean> {
  const list = window.matchMedia(query);
  const value = new Value(list.matches);
  list.addEventListener('change', () => value.set(list.matches));
  return value;
}

/** The theme: what was chosen, or what the system prefers. Keeps the choice, and puts the colours on the page. */
export class Theme {
  readonly choice: Value<ThemeChoice>;
  readonly palette: Value<Palette>;
  readonly #dark = mediaValue('(prefers-color-scheme: dark)');

  constructor() {
    const kept = readKept();
    this.choice = new Value(kept);
    this.palette = new Value(this.#paletteFor(kept));
    this.#dark.subscribe(() => this.#apply());
    this.choice.subscribe(() => {
      keep(this.choice.current);
      this.#apply();
    });
    this.#apply();
  }

  #paletteFor(choice: ThemeChoice): Palette {
    return choice === 'dark' || (choice === 'auto' && this.#dark.current) ? DARK : LIGHT;
  }

  #apply(): void {
    const palette = this.#paletteFor(this.choice.current);
    const { style } = document.documentElement;
    for (const [name, value] of Object.entries(cssProperties(palette))) style.setProperty(name, value);
    style.colorScheme = palette.name;
    document.documentElement.dataset.theme = palette.name;
    this.palette.set(palette);
  }
}

// A browser may forbid storage: then the choice lasts as long as the page.
function readKept(): ThemeChoice {
  try {
    const kept = window.localStorage.getItem(KEY);
    return kept === 'light' || kept === 'dark' ? kept : 'auto';
  } catch {
    return 'auto';
  }
}

function keep(choice: ThemeChoice): void {
  try {
    window.localStorage.setItem(KEY, choice);
  } catch {
    return;
  }
}
