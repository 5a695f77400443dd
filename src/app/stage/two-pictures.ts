import type { Lab } from '../lab.ts';
import { mediaValue } from '../theme.ts';

/** Wide enough for two pictures of one world. */
export const wideEnough = mediaValue('(min-width: 1360px)');

/** Puts a second picture beside the one that is shown, or takes it away. */
export function toggleBeside(lab: Lab): void {
  if (lab.beside.current !== null) lab.beside.set(null);
  else if (!wideEnough.current) lab.status.set('Two pictures need a window that is wider.');
  else if (lab.twin.current !== null) lab.status.set('Two worlds are shown: one picture of each.');
  else lab.beside.set(lab.picture.current === 'fan-out' ? 'sequence' : 'fan-out');
}
