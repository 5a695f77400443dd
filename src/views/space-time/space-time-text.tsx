import { groupDigits } from '../../base/text.ts';
import { formatDuration } from '../../base/units.ts';
import { channelName, nodeName } from '../names.ts';
import type { Stage } from '../stage.ts';
import { useValue } from '../store/value.ts';
import type { MemberEvent } from './channel-history.ts';
import { countWords, disagreementWords, keyWords, verdictWords } from './describe.ts';
import { disagreements } from './disagreements.ts';
import { MOST_MEMBERS, missingBefore } from './layout.ts';
import { readChannel } from './space-time-source.ts';

const WORDS: Readonly<Record<MemberEvent['kind'], string>> = {
  sent: 'sent',
  shown: 'shown',
  'from-history': 'shown from the history',
  waits: 'waits',
  duplicate: 'again, dropped',
  lost: 'lost',
};
const MOST_SAID = 10;

/** Who was shown what in which order. */
export function SpaceTimeText({ stage }: { readonly stage: Stage }) {
  useValue(stage.store.summary);
  useValue(stage.selection);
  useValue(stage.witness);
  const read = readChannel(stage);
  if (read === null)
    return <p>There is no order to tell of: no message of a channel is traced. Let the clock run.</p>;
  const { info, history } = read;
  const { messages, members } = history;
  const all = disagreements(members, messages.length);
  const beginUs = messages[0]!.sentUs;
  const listed = members.slice(0, MOST_MEMBERS);
  return (
    <div className="text-twin">
      <p>
        {channelName(info, history.channel)}: {verdictWords(info, history, all)}
      </p>
      <p className="quiet">
        {keyWords(info, history)}. {countWords(history)}
        {history.messagesLeftOut > 0 &&
          ` ${groupDigits(history.messagesLeftOut)} more messages are left out.`}
      </p>
      {all.length > 1 && (
        <ul>
          {all.slice(0, MOST_SAID).map((one) => (
            <li key={`${one.earlier} ${one.later}`}>{disagreementWords(info, history, one)}</li>
          ))}
          {all.length > MOST_SAID && <li>and {groupDigits(all.length - MOST_SAID)} more pairs</li>}
        </ul>
      )}
      <table>
        <thead>
          <tr>
            <th scope="col">member</th>
            <th scope="col">in order of time</th>
          </tr>
        </thead>
        <tbody>
          {listed.map((member) => (
            <tr key={member.node}>
              <th scope="row">{nodeName(info, member.node)}</th>
              <td>
                {member.events
                  .map((event) => {
                    const { short } = messages[event.message]!;
                    const waits =
                      event.kind === 'waits' ? ` for ${missingBefore(member, event, messages)}` : '';
                    return `${short} ${WORDS[event.kind]}${waits} +${formatDuration(event.timeUs - beginUs)}`;
                  })
                  .join(', ')}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {members.length > listed.length && (
        <p className="quiet">{groupDigits(members.length - listed.length)} more members are left out.</p>
      )}
    </div>
  );
}
