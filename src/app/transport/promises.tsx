import { Button } from 'react-aria-components/Button';
import { Dialog, DialogTrigger, Heading } from 'react-aria-components/Dialog';
import { Popover } from 'react-aria-components/Popover';
import { counted, groupDigits } from '../../base/text.ts';
import { formatDuration } from '../../base/units.ts';
import { type Standing, standingOf, standingWord, standingWords } from '../../guarantees/verdict.ts';
import type { PromiseFrame } from '../../worker/protocol.ts';
import { CheckIcon, CrossIcon, NoneIcon, UnknownIcon } from '../icons.tsx';
import { useLab, useSummary } from '../lab-context.ts';

const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

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
  'joined-only': 'Who joins is not shown what was said before.',
  answered: 'Every message is acknowledged, refused or given up: nobody waits for ever.',
};

const verdictWords = (promise: PromiseFrame): string => {
  if (promise.verdict === 'violated') {
    const { sinceUs, violations } = promise;
    const since = sinceUs === null ? '' : `, first at ${formatDuration(sinceUs)}`;
    const times = violations === 1 ? 'once' : `${groupDigits(violations)} times`;
    return `broken ${times}${since}${touchedWords(promise)}`;
  }
  return standingWord(promise);
};

function touchedWords({ touched }: PromiseFrame): string {
  if (touched == null) return '';
  const { messages, users, isAll } = touched;
  return `; touches ${isAll ? '' : 'at least '}${counted(messages, 'message')} and ${counted(users, 'user')}`;
}

/** In this order they are listed. */
const STANDINGS: readonly Standing[] = ['broken', 'open', 'kept', 'not-at-stake'];

const worstFirst = (a: PromiseFrame, b: PromiseFrame): number =>
  STANDINGS.indexOf(standingOf(a)) - STANDINGS.indexOf(standingOf(b));

/** What `standingOf` says of all of them: a broken one, else a kept one, else nothing is known. */
const worstOf = (promises: readonly PromiseFrame[]): Standing => {
  const standings = promises.map(standingOf);
  return (['broken', 'kept', 'open'] as const).find((one) => standings.includes(one)) ?? 'not-at-stake';
};

function StandingIcon({ standing }: { readonly standing: Standing }) {
  if (standing === 'kept') return <CheckIcon />;
  if (standing === 'broken') return <CrossIcon />;
  return standing === 'open' ? <UnknownIcon /> : <NoneIcon />;
}

/** How many of the promises are kept, broken, open and not at stake, and which. */
export function Promises({ short = false }: { readonly short?: boolean }) {
  const lab = useLab();
  const promises = useSummary((summary) => summary.promises);
  const judged = useSummary((summary) => summary.judged);
  if (promises.length === 0) return null;
  const worst = worstOf(promises);
  return (
    <DialogTrigger>
      <Button className="bar-button" data-broken={worst === 'broken' || undefined}>
        <StandingIcon standing={worst} />
        {short ? 'promises' : `promises: ${standingWords(promises)}`}
      </Button>
      <Popover className="popover" placement="top end">
        <Dialog className="promises">
          <Heading slot="title">Promises</Heading>
          {judged !== '' && <p className="quiet">Judged on {judged}.</p>}
          <ul>
            {[...promises].sort(worstFirst).map((promise) => (
              <li key={promise.name} className={`standing-${standingOf(promise)}`}>
                <StandingIcon standing={standingOf(promise)} />
                <div>
                  <strong>{promise.name.replaceAll('-', ' ')}</strong> <span>{verdictWords(promise)}</span>
                  <div className="quiet">{MEANS[promise.name] ?? ''}</div>
                  <div className="quiet">{capital(promise.grounds)}.</div>
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
