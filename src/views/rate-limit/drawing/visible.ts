import { hasBucket } from '../../../algorithms/rate-limit/config.ts';
import type { Lane } from './lanes.ts';
import { type LevelPoint, partOf } from './level-curve.ts';
import type { Scene } from './scene.ts';

/** What the level is held to: the limit, or the size of the bucket. */
export const boundOf = ({ config }: Pick<Lane, 'config'>): number =>
  hasBucket(config.algorithm) ? config.burst : config.limit;

/** The highest value that a lane's level takes or is held to. */
export const peakOf = (lane: Lane): number =>
  lane.curve.reduce((most, { value }) => Math.max(most, value), boundOf(lane));

/** What may be seen of a curve: nothing after the present, nor after a request whose verdict is hidden. */
export function visiblePoints(
  curve: readonly LevelPoint[],
  { domainUs, shown, cursor, moment, presentUs }: Scene,
): readonly LevelPoint[] {
  if (Number.isFinite(shown)) {
    const told = moment.request !== null && moment.request < shown;
    return partOf(curve, domainUs[0], Math.min(domainUs[1], cursor.timeUs), told);
  }
  return partOf(curve, domainUs[0], Math.min(domainUs[1], presentUs), true);
}
