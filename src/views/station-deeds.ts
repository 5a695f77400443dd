import { US_PER_SECOND } from '../base/units.ts';
import type { LinkFault } from '../system/faults/actions.ts';
import type { Action, StationFrame, StationInfo } from '../worker/protocol.ts';

/** What a hand can do to a station now. Each deed is an action of a script. */
export interface StationDeed {
  readonly id: 'crash' | 'slow' | 'cut' | 'block';
  /** On a button. */
  readonly words: string;
  /** Whether it mends what was broken. */
  readonly mends: boolean;
  readonly isPossible: boolean;
  /** `forUs` is how long it lasts in virtual time, null until it is mended. */
  action(forUs: number | null): Action;
}

const SLOWER = 10;
const BLOCK_US = 2 * US_PER_SECOND;
const CUT: LinkFault = { cut: true, loss: 0, duplicate: 0, reorder: 0, delayUs: 0 };
const WHOLE: LinkFault = { ...CUT, cut: false };

export function stationDeeds(
  stations: readonly StationInfo[],
  station: StationInfo,
  frame: StationFrame | null,
): readonly StationDeed[] {
  const { node } = station;
  const others = stations.map((one) => one.node).filter((one) => one !== node);
  const isUp = frame?.up !== false;
  const isSlow = (frame?.slowFactor ?? 1) !== 1;
  const isCut = frame?.cut === true;
  const deeds: StationDeed[] = [
    isUp
      ? {
          id: 'crash',
          words: 'Crash',
          mends: false,
          isPossible: true,
          action: (forUs) => ({ do: 'crash', node, forUs }),
        }
      : {
          id: 'crash',
          words: 'Restart',
          mends: true,
          isPossible: true,
          action: () => ({ do: 'restart', node }),
        },
    {
      id: 'slow',
      words: isSlow ? 'Full speed' : `Slow ${SLOWER}×`,
      mends: isSlow,
      isPossible: isUp,
      action: (forUs) => ({ do: 'slow', node, factor: isSlow ? 1 : SLOWER, forUs: isSlow ? null : forUs }),
    },
    {
      id: 'cut',
      words: isCut ? 'Join again' : 'Cut off',
      mends: isCut,
      isPossible: others.length > 0,
      action: (forUs) => ({
        do: 'link',
        from: [node],
        to: others,
        fault: isCut ? WHOLE : CUT,
        forUs: isCut ? null : forUs,
      }),
    },
  ];
  if (station.kind === 'ws-server') {
    deeds.push({
      id: 'block',
      words: 'Block 2 s',
      mends: false,
      isPossible: isUp,
      action: () => ({ do: 'block', node, forUs: BLOCK_US }),
    });
  }
  return deeds;
}
