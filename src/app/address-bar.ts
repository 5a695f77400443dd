import { selectionKey } from '../views/stage.ts';
import { type Address, readAddress, worldKey, writeAddress } from '../worker/address.ts';
import type { Lab } from './lab.ts';
import { openRateLimitLab } from './open-scenario.ts';
import type { Opening } from './opening.ts';
import { VERSION } from './version.ts';

/** While it plays the time in the address follows at this pace: browsers refuse more than a few changes a second. */
const PACE_MS = 2_000;

type Mode = Lab['mode']['current'];

/** The address of what is shown now; null when nothing is open. */
function addressOf(lab: Lab): Address | null {
  const opening = lab.opening.current;
  if (opening === null) return null;
  const { info, timeUs } = lab.store;
  return {
    version: VERSION,
    scenario: opening.shared == null ? opening.name : null,
    token: opening.shared?.token ?? null,
    seed: info?.seed ?? opening.seed,
    users: opening.users,
    timeUs: info === null ? opening.atUs : timeUs,
    picture: lab.picture.current,
    beside: lab.beside.current,
    selection: lab.selection.current,
    ...witnessOf(lab),
    rateLimitLab: lab.rateLimitLab.current,
    world: lab.comparison.current,
    mode: modeOf(lab.mode.current),
    speed: info === null ? opening.speed : lab.player.getSnapshot().context.speed,
    hand: info === null ? opening.hand : lab.deeds.current.map(({ atUs, action }) => ({ atUs, action })),
  };
}

/** What is looked at, or what the link has said that will be. */
function witnessOf(lab: Lab): Pick<Address, 'witness'> {
  const shown = lab.witness.current ?? lab.wanted;
  return shown === null ? {} : { witness: { promise: shown.promise, sinceUs: shown.sinceUs } };
}

const modeOf = (mode: Mode): NonNullable<Address['mode']> | null => (mode === 'page' ? null : mode);

/** The link to what is shown now, which opens as the whole page or as `mode`. */
export function linkOf(lab: Lab, mode: Mode = 'page'): string {
  const address = addressOf(lab);
  const url = new URL(window.location.href);
  url.hash = address === null ? '' : writeAddress({ ...address, mode: modeOf(mode) });
  return url.href;
}

/** The address without what a change of view does not touch: two addresses with equal keys are the same run. */
const runKey = (address: Address): string =>
  writeAddress({
    ...address,
    version: null,
    timeUs: null,
    picture: null,
    beside: null,
    selection: null,
    witness: null,
    rateLimitLab: null,
    world: null,
    mode: null,
    speed: null,
  });

/**
 * Keeps the address in the bar true. A change of picture, selection or scenario is an entry of the history, so that Back undoes it; time
 * and speed only amend the entry. `openAddress` is called for an address that is another run.
 */
export function connectAddressBar(lab: Lab, openAddress: (hash: string) => void): void {
  let shown = '';
  let entry = '';
  let writtenMs = Number.NEGATIVE_INFINITY;
  let restoring = false;
  let isDue = false;
  /** Back has gone to another run, which is not open yet: what is shown until then is none of the history's business. */
  let leaves: Opening | null = null;

  /** What is changed at one go is one entry. */
  const write = (): void => {
    if (isDue) return;
    isDue = true;
    queueMicrotask(() => {
      isDue = false;
      writeNow();
    });
  };

  const writeNow = (): void => {
    const address = addressOf(lab);
    const opening = lab.opening.current;
    if (address === null || opening === null || opening === leaves) return;
    leaves = null;
    const hash = `#${writeAddress(address)}`;
    if (hash === shown) return;
    // The seed as it was asked for: that it becomes known is no step.
    const run = runKey({ ...address, seed: opening.seed, hand: [] });
    const key = `${run} ${address.picture} ${address.beside ?? ''} ${selectionKey(address.selection)} ${worldKey(address.world)}`;
    // A seat becomes its user as soon as it is known: that is no second step. An embedded picture leaves the history to the page around it.
    const push =
      !restoring && lab.mode.current !== 'embed' && entry !== '' && key !== entry && !entry.includes('seat:');
    window.history[push ? 'pushState' : 'replaceState'](null, '', hash);
    entry = key;
    shown = hash;
    writtenMs = performance.now();
  };

  lab.picture.subscribe(write);
  lab.beside.subscribe(write);
  lab.selection.subscribe(write);
  lab.witness.subscribe(write);
  lab.rateLimitLab.subscribe(write);
  lab.comparison.subscribe(write);
  lab.mode.subscribe(write);
  lab.opening.subscribe(write);
  lab.deeds.subscribe(write);
  lab.player.subscribe(({ value }) => {
    if (value !== 'playing' && value !== 'rewinding') write();
  });
  lab.store.summary.subscribe(() => {
    const playing = lab.player.getSnapshot().value === 'playing';
    if (performance.now() - writtenMs >= (playing ? PACE_MS : 200)) write();
  });

  window.addEventListener('popstate', () => {
    const { hash } = window.location;
    if (hash === shown) return;
    const { address, problems } = readAddress(hash);
    const now = addressOf(lab);
    const sameRun =
      now !== null &&
      problems.length === 0 &&
      runKey({ ...address, hand: [] }) === runKey({ ...now, hand: [] });
    if (!sameRun) {
      shown = hash;
      entry = '';
      leaves = lab.opening.current;
      openAddress(hash);
      return;
    }
    restoring = true;
    shown = hash;
    lab.mode.set(address.mode ?? 'page');
    lab.show(address.picture ?? 'crowd');
    lab.beside.set(address.beside ?? null);
    lab.select(address.selection);
    const { world = null } = address;
    if (worldKey(world) !== worldKey(lab.comparison.current)) lab.compareWith(world);
    const { rateLimitLab = null } = address;
    // Going back keeps what was made in the laboratory since; another one is opened.
    if (rateLimitLab !== null) void openRateLimitLab(lab, rateLimitLab);
    writeNow();
    restoring = false;
  });
}
