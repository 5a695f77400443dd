import { Value } from '../views/store/value.ts';
import { readAddress } from '../worker/address.ts';
import type { Lab } from './lab.ts';
import type { LibraryEntry } from './library.ts';
import { whyNoPicture } from './link-there.ts';
import type { Opening } from './opening.ts';
import { scenarioName } from './scenario-header.ts';
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

const openingOf = (
  entry: Pick<LibraryEntry, 'name' | 'fileName' | 'text'>,
  rest: Partial<Opening>,
): Opening => ({
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

/** What a token says. Its scenario is read where it runs, with the limits of any other. Throws TokenError. */
async function sharedOpening(token: string): Promise<{ version: string; opening: Opening }> {
  const { readToken } = await import('../worker/read-token.ts');
  const { version, text, overrides, seed, hand, choices, timeUs } = readToken(token);
  const name = scenarioName(text) ?? 'shared';
  const entry = { name, fileName: `${name}.yaml`, text };
  const rest = { seed, hand, atUs: timeUs, shared: { token, overrides, choices } };
  return { version, opening: openingOf(entry, rest) };
}

/** The line that sets the seed: a text that says another one is not held to that of the link. */
const seedLine = (text: string): string => /^seed:.*$/m.exec(text)?.[0].trim() ?? '';

/**
 * Runs another text in the place of what is open, from its start and with the same seed. A text that is not the library's goes into the
 * link whole.
 */
export async function openText(lab: Lab, before: Opening, text: string): Promise<void> {
  linkTrouble.set(null);
  const seed = seedLine(text) === seedLine(before.text) ? before.seed : null;
  const overrides = before.shared?.overrides ?? [];
  const choices = before.shared?.choices ?? null;
  const own = (await loadLibrary()).find(({ name }) => name === before.name)?.text;
  const isOwn = own === text && overrides.length === 0 && choices === null;
  const { writeToken } = await import('../worker/read-token.ts');
  const token = writeToken({
    version: VERSION,
    text,
    overrides,
    seed,
    hand: [],
    choices,
    timeUs: 0,
    about: null,
  });
  lab.open({
    ...before,
    text,
    shared: isOwn ? null : { token, overrides, choices },
    seed,
    users: null,
    hand: [],
    atUs: 0,
    selection: null,
    world: lab.comparison.current,
    play: !lab.reducedMotion.current,
  });
}

/** Opens another rate-limit laboratory beside the run that is open. */
export async function openRateLimitLab(lab: Lab, text: string): Promise<void> {
  const problem = await whyUnreadable(text);
  if (problem === null) lab.rateLimitLab.set(text);
  else linkTrouble.set({ problems: [problem], openAnyway: () => linkTrouble.set(null) });
}

async function whyUnreadable(rateLimitLab: string): Promise<string | null> {
  const { readLab } = await import('../views/rate-limit/model/lab-link.ts');
  try {
    readLab(rateLimitLab);
    return null;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return `The rate-limit laboratory of the link cannot be read: ${why}.`;
  }
}

/** Opens what the part of the address behind `#` says, or the first scenario when it says nothing. */
export async function openAddress(lab: Lab, hash: string): Promise<void> {
  linkTrouble.set(null);
  const { address, problems: unread } = readAddress(hash);
  const problems = [...unread];
  const differs = (version: string | null): void => {
    if (version === null || version === VERSION) return;
    problems.push(
      `The link was made by version ${version}; this is version ${VERSION}. The same scenario and seed may run differently here.`,
    );
  };
  differs(address.version);
  const { rateLimitLab = null } = address;
  const labProblem = rateLimitLab === null ? null : await whyUnreadable(rateLimitLab);
  if (labProblem !== null)
    problems.push(`The rate-limit laboratory of the link cannot be read: ${labProblem}.`);
  const unknown = [address.picture, address.beside].map(whyNoPicture).filter((why) => why !== null);
  problems.push(...unknown);
  let opening: Opening | null = null;
  const { token = null } = address;
  if (token !== null) {
    try {
      const shared = await sharedOpening(token);
      if (address.version === null) differs(shared.version);
      opening = shared.opening;
    } catch (error) {
      problems.push(`The link cannot be opened: ${error instanceof Error ? error.message : String(error)}.`);
    }
  } else {
    const library = await loadLibrary();
    const name = address.scenario;
    const entry =
      name === null
        ? (library.find((one) => one.name === FIRST) ?? library[0])
        : library.find((one) => one.name === name);
    if (entry !== undefined) opening = openingOf(entry, {});
    else
      problems.push(
        name === null
          ? 'There are no scenarios here.'
          : `There is no scenario "${name}". Choose another from the list.`,
      );
  }
  const found = opening;
  const open =
    found === null
      ? null
      : () => {
          linkTrouble.set(null);
          lab.mode.set(address.mode ?? 'page');
          lab.show(whyNoPicture(address.picture) === null ? (address.picture ?? 'crowd') : 'crowd');
          lab.beside.set(whyNoPicture(address.beside) === null ? (address.beside ?? null) : null);
          lab.rateLimitLab.set(labProblem === null ? rateLimitLab : null);
          lab.open({
            ...found,
            seed: address.seed ?? found.seed,
            users: address.users,
            hand: address.hand.length > 0 ? address.hand : found.hand,
            atUs: address.timeUs ?? found.atUs,
            speed: address.speed,
            play: address.timeUs === null && found.atUs === 0 && !lab.reducedMotion.current,
            selection: address.selection,
            world: address.world ?? null,
            witness: address.witness ?? null,
          });
        };
  if (problems.length > 0) linkTrouble.set({ problems, openAnyway: open });
  else open?.();
}
