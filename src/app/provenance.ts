import { counted } from '../base/text.ts';
import type { About } from '../views/save/svg-of-picture.ts';
import { linkOf } from './address-bar.ts';
import { clockText } from './clock.ts';
import type { Lab } from './lab.ts';
import { VERSION } from './version.ts';

/** What a saved picture says of itself: enough to make it again. Without a scenario it is the laboratory alone, and the link says all. */
export function aboutPicture(lab: Lab, picture: string, shows: string): About {
  const { info, timeUs } = lab.store;
  const link = linkOf(lab);
  const twin = lab.twin.current;
  const byHand = lab.deeds.current.length;
  const lines =
    info === null
      ? [`Fanout ${VERSION}`]
      : [
          ...(twin === null ? [] : [`Beside the first world: ${twin.name}.`]),
          `Fanout ${VERSION}, scenario ${info.scenario}, seed ${info.seed}, ${counted(info.users, 'user')}`,
          `${clockText(timeUs)} of virtual time${
            byHand > 0
              ? `, ${counted(byHand, 'thing')} done by hand: the link in this file does ${byHand === 1 ? 'it' : 'them'} again`
              : ''
          }`,
        ];
  return {
    title: info === null ? picture : `${picture}: ${info.title}`,
    lines,
    description: `${shows}\n${link}`,
  };
}

/** `fanout-million-users-seed-7-12.345678s-crowd`: a CSV file has no other place to say where it comes from. */
export function fileStem(lab: Lab, picture: string): string {
  const { info, timeUs } = lab.store;
  return info === null
    ? `fanout-${picture}`
    : `fanout-${info.scenario}-seed-${info.seed}-${Number((timeUs / 1_000_000).toFixed(6))}s-${picture}`;
}
