import type { HandAction, Scenario } from '../scenario/types.ts';
import type { LaterMember } from '../system/design/topology.ts';
import type { Action } from '../system/faults/actions.ts';

/** What a script and a hand need of the world before it is built. */

/** Memberships that the script or the hand will create. */
export function laterMembers(scenario: Scenario, hand: readonly HandAction[]): LaterMember[] {
  const later: LaterMember[] = [];
  const add = (action: Action): void => {
    if (action.do !== 'join') return;
    const named = scenario.workload.channels.named[action.channel];
    if (named === undefined || named.members.includes(action.user)) return;
    if (!later.some((l) => l.user === action.user && l.channel === action.channel))
      later.push({ user: action.user, channel: action.channel });
  };
  for (const step of scenario.script) if (step.does.do === 'act') step.does.actions.forEach(add);
  for (const { action } of hand) add(action);
  return later;
}

/** Messages that the script sends. */
export function scriptSends(scenario: Scenario): number {
  let sends = 0;
  for (const { does } of scenario.script) {
    if (does.do === 'act') sends += does.times * does.actions.filter((a) => a.do === 'send').length;
  }
  return sends;
}
