import { paintCurve } from './paint-curve.ts';
import { paintSlots } from './paint-slots.ts';
import { type Group, layer, type Scene } from './scene.ts';
import { hasSlots } from './slots.ts';

/** Below the requests: what counts. Places that requests take, where they are few; else the level as a curve. */
export function paintLevel(group: Group, scene: Scene): void {
  const isSlots = hasSlots(scene.timeline.chosen);
  if (isSlots) paintSlots(layer(group, 'slots'), scene);
  else paintCurve(layer(group, 'curve'), scene);
  layer(group, isSlots ? 'curve' : 'slots').remove();
}
