import { withoutIdleSettings } from '../scenario/compile/idle-settings.ts';
import { valueAt } from '../scenario/compile/settings.ts';
import { parseScenario } from '../scenario/parse.ts';
import type { Design } from '../system/design/design.ts';
import { flowText } from './flow-text.ts';
import { mergeSettings } from './merge-settings.ts';
import { perDesign } from './per-design.ts';
import { type DesignSettings, SMALL_DESIGN, type SmallScenario } from './small-scenario.ts';
import { settleMs } from './time-outs.ts';

/** What stands under `design:` of a small scenario with these settings. */
export function designLines(settings: DesignSettings): readonly string[] {
  // SMALL_DESIGN has settings for modes that this design may not be in.
  const design = valueAt(withoutIdleSettings({ design: mergeSettings(SMALL_DESIGN, settings) }), ['design']);
  return Object.entries(design ?? {}).map(([key, value]) => `  ${key}: ${flowText(value)}`);
}

/** The design of a small scenario with these settings. Throws InputError. */
export const designOf = perDesign((settings): Design => {
  const head = ['scenario: hunted', 'title: Its design', 'summary: No more.', 'teaches: []', 'duration: 1s'];
  const workload = ['workload:', '  users: [alice, bob]', '  channels: { named: { general: [alice, bob] } }'];
  const text = [...head, 'design:', ...designLines(settings), ...workload, ''].join('\n');
  return parseScenario(text, 'hunted.yaml').design;
});

/** When the last of the script is over. */
function lastMs({ messages, faults }: SmallScenario): number {
  const ends = faults.map((fault) => fault.atMs + ('forMs' in fault ? fault.forMs : 0));
  return Math.max(0, ...messages.map(({ atMs }) => atMs), ...ends);
}

/** When everything has come to rest: all faults are over, and what was owed since then is done. Throws InputError. */
export const durationMs = (of: SmallScenario): number =>
  Math.ceil((lastMs(of) + settleMs(designOf(of.design))) / 1_000) * 1_000;
