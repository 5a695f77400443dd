import { counted, groupDigits } from '../../base/text.ts';
import type { OpenedInfo } from '../../worker/protocol.ts';
import { messageName, nodeName } from '../names.ts';
import type { ChannelHistory, MemberEvent } from './channel-history.ts';
import type { Disagreement } from './disagreements.ts';

/** A name as it stands in a sentence, as the witnesses of broken promises write it. */
const capital = (name: string): string => name.slice(0, 1).toUpperCase() + name.slice(1);

/** What the picture shows, in one sentence. */
export function verdictWords(
  info: OpenedInfo,
  history: ChannelHistory,
  all: readonly Disagreement[],
): string {
  const [first] = all;
  const shown = history.members.filter((member) => member.shown.length > 0).length;
  if (first === undefined)
    return shown < 2
      ? 'Fewer than two members have been shown anything yet.'
      : `No two of ${counted(shown, 'member')} disagree on the order.`;
  const more = all.length > 1 ? ` So it is with ${counted(all.length - 1, 'more pair')} of messages.` : '';
  return `${disagreementWords(info, history, first)} No one order fits both.${more}`;
}

export function disagreementWords(
  info: OpenedInfo,
  { messages }: ChannelHistory,
  { one, other, earlier, later }: Disagreement,
): string {
  const [a, b] = [messages[earlier]!, messages[later]!];
  return `${capital(nodeName(info, one))} was shown ${a.short} before ${b.short}, ${capital(nodeName(info, other))} ${b.short} before ${a.short}.`;
}

/** What happened beside the showing: `2 waited in a reorder buffer, 1 duplicate caught, 1 lost, 3 back-filled`. */
export function countWords({ members }: ChannelHistory): string {
  const count = (kind: MemberEvent['kind']): number =>
    members.reduce((sum, member) => sum + member.events.filter((e) => e.kind === kind).length, 0);
  const parts = [
    [count('waits'), 'waited in a reorder buffer'],
    [count('duplicate'), count('duplicate') === 1 ? 'duplicate caught' : 'duplicates caught'],
    [count('lost'), 'lost on the way'],
    [count('from-history'), 'back-filled from the history'],
  ] as const;
  return parts
    .filter(([n]) => n > 0)
    .map(([n, what]) => `${groupDigits(n)} ${what}`)
    .join(', ');
}

/** `m1 is alice/3`: what the short names stand for. */
export const keyWords = (info: OpenedInfo, { messages }: ChannelHistory): string =>
  messages.map(({ short, sender, nth }) => `${short} is ${messageName(info, sender, nth)}`).join(', ');
