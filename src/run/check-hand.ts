import { InputError, UserError } from '../base/errors.ts';
import { fixedSettingIn, valueAt, writtenSetting } from '../scenario/compile/settings.ts';
import { applySettings } from '../scenario/parse.ts';
import { show } from '../scenario/text/show.ts';
import type { Scenario } from '../scenario/types.ts';
import type { Action } from '../system/faults/actions.ts';

/**
 * A setting that a hand changes, or a link that says so, is held to what a scenario may say. Throws UserError with one sentence. (Other
 * actions are checked by the system when they happen.)
 */
export function checkHand(scenario: Scenario, action: Action): void {
  if (action.do !== 'set') return;
  const { path, value } = action;
  const [written, text] = writtenSetting(path, value);
  const fixed = fixedSettingIn(written);
  if (fixed !== null)
    throw new UserError(
      `${fixed} cannot change while the system runs; change it in the scenario and open it anew`,
    );
  let found: unknown;
  try {
    found = valueAt(applySettings(scenario, [[written, text]]).design, path.split('.'));
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new UserError(error.problems[0]?.message ?? `${path} cannot be set`);
  }
  if (JSON.stringify(found) !== JSON.stringify(value))
    throw new UserError(`${written} cannot be ${show(value)}`);
}
