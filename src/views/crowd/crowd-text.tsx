import { counted, groupDigits } from '../../base/text.ts';
import type { Stage } from '../stage.ts';
import { STATE_CODE } from '../store/stage-store.ts';
import { useValue } from '../store/value.ts';
import { crowdBlocks, frameOf } from './blocks.ts';
import { STATES_IN_ORDER } from './crowd-legend.tsx';
import { SEAT_WORDS } from './seat-shapes.ts';
import { statusWord } from './status-word.ts';

const MOST_ROWS = 200;

/** The crowd in words and numbers. */
export function CrowdText({ stage }: { readonly stage: Stage }) {
  const { info, stations, counts } = useValue(stage.store.summary);
  if (info === null || counts === null) return <p>There is nobody here yet.</p>;
  const blocks = crowdBlocks(info);
  const of = (state: keyof typeof STATE_CODE): number => counts.total[STATE_CODE[state]] ?? 0;
  const broken = stations.filter((frame) => statusWord(frame) !== null);
  const connected = stations
    .filter((frame) =>
      info.stations.some((station) => station.node === frame.node && station.kind === 'ws-server'),
    )
    .reduce((sum, frame) => sum + frame.connections, 0);
  return (
    <div className="text-twin">
      <p>
        {counted(connected, 'user')} of {groupDigits(info.users)} {connected === 1 ? 'is' : 'are'} connected
        to {counted(blocks.filter((block) => block.station !== null).length, 'server')}.{' '}
        {counted(of('just-received'), 'user')} {of('just-received') === 1 ? 'has' : 'have'} just received a
        message.{' '}
        {broken.length === 0 ? 'Every station works.' : `${counted(broken.length, 'station')} in trouble.`}
      </p>
      <table>
        <thead>
          <tr>
            <th scope="col">server</th>
            <th scope="col">state</th>
            <th scope="col" className="number">
              connections
            </th>
            {STATES_IN_ORDER.filter((state) => state !== 'empty').map((state) => (
              <th scope="col" className="number" key={state}>
                {SEAT_WORDS[state].label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {blocks.slice(0, MOST_ROWS).map((block, b) => {
            const frame = frameOf(stations, block);
            return (
              <tr key={block.name}>
                <th scope="row">{block.name}</th>
                <td>{block.station === null ? '' : (statusWord(frame) ?? 'up')}</td>
                <td className="number">
                  {block.station === null ? '' : groupDigits(frame?.connections ?? 0)}
                </td>
                {STATES_IN_ORDER.filter((state) => state !== 'empty').map((state) => (
                  <td className="number" key={state}>
                    {groupDigits(counts.blocks[b]?.[STATE_CODE[state]] ?? 0)}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
      {blocks.length > MOST_ROWS && (
        <p>{groupDigits(blocks.length - MOST_ROWS)} more blocks are not listed.</p>
      )}
    </div>
  );
}
