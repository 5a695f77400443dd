import { InputError, type Problem } from '../base/errors.ts';
import { parseScenario } from '../scenario/parse.ts';
import type { DesignSetting } from './design-setting.ts';
import { designSettings } from './opened-info.ts';

/** A scenario's text to be looked at without running it. */
export interface CheckRequest {
  readonly id: number;
  readonly fileName: string;
  readonly text: string;
}

export interface CheckReply {
  readonly id: number;
  /** None when the text can be run. */
  readonly problems: readonly Problem[];
  /** Every setting of the design; null when the text cannot be run. */
  readonly design: readonly DesignSetting[] | null;
}

/** Reads a scenario as `open` would. Never throws: what is wrong with the text is the answer. */
export function checkScenario({ id, fileName, text }: CheckRequest): CheckReply {
  try {
    return { id, problems: [], design: designSettings(parseScenario(text, fileName)) };
  } catch (error) {
    if (error instanceof InputError) return { id, problems: error.problems, design: null };
    const message = error instanceof Error ? error.message : String(error);
    return { id, problems: [{ file: fileName, line: 1, column: 1, message }], design: null };
  }
}
