import { secondsText } from '../../../base/units.ts';
import type { Stage } from '../../stage.ts';
import { useValue } from '../../store/value.ts';
import { rateLabOf } from '../model/rate-lab.ts';
import { ALGORITHM_NAMES, momentWords, requestName } from '../model/words.ts';
import { useGame } from './prediction-panel.tsx';

/** Every decision in a table: what the chosen algorithm counted, and what the others say to the same request. */
export function RateLimitText({ stage }: { readonly stage: Stage }) {
  const lab = rateLabOf(stage);
  const timeline = useValue(lab.timeline);
  const moment = useValue(lab.said);
  const { shown } = useGame(lab);
  const { chosen, lanes, requests, settings, disagreements, source } = timeline;
  const others = lanes.filter((lane) => lane !== chosen);
  const disagree = new Set(disagreements);
  const word = (allowed: boolean | undefined, place: number): string =>
    place >= shown || allowed === undefined ? 'not shown yet' : allowed ? 'allowed' : 'refused';
  return (
    <div className="text-twin">
      <p>
        {ALGORITHM_NAMES[chosen.algorithm]}, {settings.limit} in {secondsText(settings.windowUs)} s, on{' '}
        {source === 'run' ? 'the requests of the watched user' : 'the requests of the laboratory'}.{' '}
        {momentWords(timeline, moment, shown)}.
      </p>
      {requests.length === 0 ? (
        <p>There are no requests yet.</p>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">request</th>
              <th scope="col">{ALGORITHM_NAMES[chosen.algorithm]}</th>
              <th scope="col">why</th>
              {others.map(({ algorithm }) => (
                <th key={algorithm} scope="col">
                  {ALGORITHM_NAMES[algorithm]}
                </th>
              ))}
              <th scope="col">do they agree</th>
            </tr>
          </thead>
          <tbody>
            {requests.map(({ id, timeUs }, place) => (
              <tr key={id}>
                <th scope="row">
                  {requestName(place)} at {secondsText(timeUs)} s
                </th>
                <td>{word(chosen.decisions[place]?.allowed, place)}</td>
                <td>{place < shown ? chosen.decisions[place]?.words : ''}</td>
                {others.map(({ algorithm, decisions }) => (
                  <td key={algorithm}>{word(decisions[place]?.allowed, place)}</td>
                ))}
                <td>{place >= shown ? '' : disagree.has(place) ? 'no' : 'yes'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}
