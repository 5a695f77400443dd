import { Button } from 'react-aria-components/Button';
import { Dialog, DialogTrigger, Heading } from 'react-aria-components/Dialog';
import { Popover } from 'react-aria-components/Popover';
import { counted, groupDigits } from '../../base/text.ts';
import { formatDuration } from '../../base/units.ts';
import type { PromiseFrame } from '../../worker/protocol.ts';
import { CheckIcon, CrossIcon, UnknownIcon } from '../icons.tsx';
import { useLab, useSummary } from '../lab-context.ts';

/** What each guarantee promises, in a sentence. */
const MEANS: Readonly<Record<string, string>> = {
  'per-sender-fifo':
    'In a channel, each member is shown the messages of one sender in the order they were sent.',
  'per-channel-order': 'All members of a channel are shown its messages in one order.',
  'causal-order': 'Nobody is shown an answer before what it answers.',
  'global-order': 'Everybody is shown all messages in one order.',
  'no-loss': 'Every acknowledged message is shown to each other member.',
  'no-duplicates': 'Nobody is shown a message twice.',
  'no-phantoms': 'Nothing is shown that was not sent.',
  'authorised-only': 'Nothing is shown to anyone who is not a member.',
  'acked-is-durable': 'An acknowledged message is in the store, and stays there.',
  'rate-bound': 'No window holds more accepted requests than the limit.',
  'presence-converges': 'Once nothing changes, what is shown of who is online becomes true.',
};

const verdictWords = (promise: PromiseFrame): string => {
  if (promise.verdict === 'violated') {
    const { sinceUs, violations } = promise;
    const since = sinceUs === null ? '' : `, first at ${formatDuration(sinceUs)}`;
    const times = violations === 1 ? 'once' : `${groupDigits(violations)} times`;
    return `broken ${times}${since}${touchedWords(promise)}`;
  }
  return promise.verdict === 'holds' ? 'holds' : 'not known yet';
};

function touchedWords({ touched }: PromiseFrame): string {
  if (touched == null) return '';
  const { messages, users, isAll } = touched;
  return `; touches ${isAll ? '' : 'at least '}${counted(messages, 'message')} and ${counted(users, 'user')}`;
}

const promisesWords = (all: number, broken: number): string =>
  broken > 0 ? `promises: ${all - broken} of ${all}` : `promises: none of ${all} broken`;

const brokenFirst = (a: PromiseFrame, b: PromiseFrame): number =>
  Number(b.verdict === 'violated') - Number(a.verdict === 'violated');

/** How many of the promises hold, and which do not. */
export function Promises({ short = false }: { readonly short?: boolean }) {
  const lab = useLab();
  const promises = useSummary((summary) => summary.promises);
  const judged = useSummary((summary) => summary.judged);
  const broken = promises.filter((promise) => promise.verdict === 'violated').length;
  if (promises.length === 0) return null;
  return (
    <DialogTrigger>
      <Button className="bar-button" data-broken={broken > 0 || undefined}>
        {broken > 0 ? <CrossIcon /> : <CheckIcon />}
        {short ? 'promises' : promisesWords(promises.length, broken)}
      </Button>
      <Popover className="popover" placement="top end">
        <Dialog className="promises">
          <Heading slot="title">Promises</Heading>
          {judged !== '' && <p className="quiet">Judged on {judged}.</p>}
          <ul>
            {[...promises].sort(brokenFirst).map((promise) => (
              <li key={promise.name} className={`verdict-${promise.verdict}`}>
                {promise.verdict === 'holds' ? (
                  <CheckIcon />
                ) : promise.verdict === 'violated' ? (
                  <CrossIcon />
                ) : (
                  <UnknownIcon />
                )}
                <div>
                  <strong>{promise.name.replaceAll('-', ' ')}</strong> <span>{verdictWords(promise)}</span>
                  <div className="quiet">{MEANS[promise.name] ?? ''}</div>
                  {promise.verdict === 'violated' && promise.witness != null && (
                    <>
                      <p className="promise-why">{promise.witness.text}</p>
                      <Button className="link-button" slot="close" onPress={() => lab.showWitness(promise)}>
                        go to the first violation
                      </Button>{' '}
                      <Button
                        className="link-button"
                        slot="close"
                        onPress={() => lab.askFutures(promise.name)}
                      >
                        when did it become inevitable?
                      </Button>
                    </>
                  )}
                </div>
              </li>
            ))}
          </ul>
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
