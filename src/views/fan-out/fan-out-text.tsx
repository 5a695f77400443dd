import { counted, groupDigits } from '../../base/text.ts';
import { formatCount } from '../../base/units.ts';
import { statusWord } from '../crowd/status-word.ts';
import type { Stage } from '../stage.ts';
import { useValue } from '../store/value.ts';
import { fanModel } from './fan-model.ts';
import { noteWords, pathWords, shareWords } from './fan-words.ts';

const MOST_ROWS = 200;

/** The fan-out in words and numbers: the path of the message, what passes between the stations, and every station. */
export function FanOutText({ stage }: { readonly stage: Stage }) {
  const { info, stations, flows, inspection } = useValue(stage.store.summary);
  const selection = useValue(stage.selection);
  if (info === null) return <p>There are no stations yet: no scenario is open.</p>;
  const { rows, timeUs, justNowUs } = stage.store;
  const model = fanModel({
    info,
    stations,
    flows,
    rows,
    timeUs,
    justNowUs,
    selection,
    inspection,
    width: 1200,
    height: 900,
    before: new Set(),
  });
  if (model === null) return <p>There are no stations yet.</p>;
  const rate = (n: number): string => `${formatCount(Number(n.toPrecision(3)))} a second`;
  return (
    <div className="text-twin">
      <p>{model.focus === null ? 'No message is followed.' : pathWords(model)}</p>
      <p>
        Clients send {rate(flows.sent)}
        {flows.refused > 0 ? `, of which ${rate(flows.refused)} are refused` : ''}. The database stores{' '}
        {rate(flows.persisted)}. {model.cast.shards.drawn.length === 0 ? 'Servers call' : 'Pub/sub is told'}{' '}
        {rate(flows.published)} and tells servers {rate(flows.notified)}. Users are shown {rate(flows.shown)}.
      </p>
      <table>
        <thead>
          <tr>
            {['station', 'state', 'waiting', 'busy', 'jobs a second', 'connections', 'of the message'].map(
              (head, i) => (
                <th key={head} scope="col" className={i > 1 && i < 6 ? 'number' : ''}>
                  {head}
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody>
          {info.stations.slice(0, MOST_ROWS).map(({ node, name, kind }) => {
            const frame = model.frames.get(node);
            const share = model.shares.get(node);
            return (
              <tr key={node}>
                <th scope="row">{name}</th>
                <td>{statusWord(frame ?? null) ?? 'up'}</td>
                <td className="number">{groupDigits(frame?.queue ?? 0)}</td>
                <td className="number">{Math.round(100 * (frame?.utilisation ?? 0))} %</td>
                <td className="number">{formatCount(Number((frame?.ratePerSecond ?? 0).toPrecision(3)))}</td>
                <td className="number">{kind === 'ws-server' ? groupDigits(frame?.connections ?? 0) : ''}</td>
                <td>
                  {share === undefined ? '' : `${shareWords(share)}${share.isTold ? '' : ', not told yet'}`}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {info.stations.length > MOST_ROWS && (
        <p>{counted(info.stations.length - MOST_ROWS, 'more station')} not listed.</p>
      )}
      <p className="quiet">{noteWords(model)}</p>
    </div>
  );
}
