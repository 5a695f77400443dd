import type { GuaranteeName } from '../../scenario/guarantee-names.ts';
import type { FaultKind } from '../arbitraries.ts';
import type { DesignSettings } from '../small-scenario.ts';
import { PATIENT } from './right-designs.ts';

/** Mistakes that show in few of all scenarios: they are hunted for, and no exercise is made of them. Each has survived a hunt that drew at random. */
export interface HiddenMistake {
  readonly name: string;
  /** Settings over `RIGHT_DESIGN`. */
  readonly design: DesignSettings;
  readonly breaks: GuaranteeName;
  readonly faults: readonly FaultKind[];
}

const ALL: readonly FaultKind[] = ['crash', 'slow', 'disconnect', 'client-link', 'membership'];

export const HIDDEN: readonly HiddenMistake[] = [
  { name: 'goes-on-from-the-old-place', design: {}, breaks: 'joined-only', faults: ALL },
  { name: 'cancels-anothers-timer', design: {}, breaks: 'answered', faults: ALL },
  { name: 'starts-at-newest', design: { pubsub: { kind: 'kafka' } }, breaks: 'no-loss', faults: ALL },
  {
    name: 'leader-one-back',
    design: { ordering: 'global', sequencer: { replicas: 3 }, reorder: PATIENT },
    breaks: 'no-loss',
    faults: ALL,
  },
  {
    name: 'gap-timer-once',
    design: { ordering: 'global', reorder: PATIENT },
    breaks: 'no-loss',
    faults: ALL,
  },
  { name: 'old-answer-is-final', design: { protocol: 'long-polling' }, breaks: 'no-loss', faults: ALL },
  { name: 'resume-asks-once', design: {}, breaks: 'no-loss', faults: ALL },
  {
    name: 'fills-one-channel',
    design: { ordering: 'causal', retry: { maxInFlight: 1 } },
    breaks: 'no-loss',
    faults: ALL,
  },
].map((hidden) => ({ ...hidden, design: { ...hidden.design, mistakes: [hidden.name] } }) as HiddenMistake);
