import { Value } from '../views/store/value.ts';
import { readAddress } from '../worker/address.ts';
import type { Lab, Opening } from './lab.ts';
import type { LibraryEntry } from './library.ts';
import { VERSION } from './version.ts';

/** What cannot be read of a link, to be decided on before anything is opened. */
export interface LinkTrouble {
  readonly problems: readonly string[];
  /** Opens what could be read. */
  readonly openAnyway: (() => void) | null;
}

export const linkTrouble = new Value<LinkTrouble | null>(null);

/** Shown to whoever comes without a link. */
const FIRST = 'million-users';

export const loadLibrary = async (): Promise<readonly LibraryEntry[]> =>
  (await import('./library.ts')).LIBRARY;

const openingOf = (entry: LibraryEntry, rest: Partial<Opening>): Opening => ({
  name: entry.name,
  fileName: entry.fileName,
  text: entry.text,
  seed: null,
  users: null,
  hand: [],
  atUs: 0,
  speed: null,
  selection: null,
  play: true,
  ...rest,
});

/** Opens a scenario of the library from its beginning. It plays at once, unless the viewer wants little motion. */
export function openEntry(lab: Lab, entry: LibraryEntry): void {
  linkTrouble.set(null);
  lab.open(openingOf(entry, { play: !lab.reducedMotion.current }));
}

/** Opens what the part of the address behind `#` says, or the first scenario when it says nothing. */
export async function openAddress(lab: Lab, hash: string): Promise<void> {
  linkTrouble.set(null);
  const { address, problems: unread } = readAddress(hash);
  const library = await loadLibrary();
  const problems = [...unread];
  if (address.version !== null && address.version !== VERSION) {
    problems.push(
      `The link was made by version ${address.version}; this is version ${VERSION}. The same scenario and seed may run differently here.`,
    );
  }
  const name = address.scenario;
  const entry =
    name === null
      ? (library.find((one) => one.name === FIRST) ?? library[0])
      : library.find((one) => one.name === name);
  if (entry === undefined) {
    problems.push(
      name === null
        ? 'There are no scenarios here.'
        : `There is no scenario "${name}". Choose another from the list.`,
    );
  }
  const open =
    entry === undefined
      ? null
      : () => {
          linkTrouble.set(null);
          lab.show(address.picture ?? 'crowd');
          lab.open(
            openingOf(entry, {
              seed: address.seed,
              users: address.users,
              hand: address.hand,
              atUs: address.timeUs ?? 0,
              speed: address.speed,
              play: address.timeUs === null && !lab.reducedMotion.current,
              selection: address.selection,
            }),
          );
        };
  if (problems.length > 0) linkTrouble.set({ problems, openAnyway: open });
  else open?.();
}
