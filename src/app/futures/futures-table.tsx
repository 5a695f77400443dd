import { Button } from 'react-aria-components/Button';
import { formatDuration } from '../../base/units.ts';
import type { FuturesCurve, MomentFutures } from '../../worker/futures.ts';
import { happeningWords } from '../inspector/hop-panel.tsx';
import { useLab, useSummary } from '../lab-context.ts';
import { largestJumps, shareOf } from './jumps.ts';

const MOST = 5;

const percent = (moment: MomentFutures): string => `${Math.round(100 * shareOf(moment))} %`;

/** The curve in words: where the share changed most, and what happened there. */
export function FuturesTable({ curve }: { readonly curve: FuturesCurve }) {
  const lab = useLab();
  const info = useSummary((summary) => summary.info);
  const jumps = largestJumps(curve, MOST);
  const first = curve.moments[0];
  if (info === null || first === undefined) return null;
  if (jumps.length === 0)
    return (
      <p className="futures-table">
        {percent(first)} of the futures end with it broken from the start on: nothing that chance decides
        matters, the design or the script does it.
      </p>
    );
  return (
    <div className="futures-table">
      <table>
        <caption className="unseen">The largest changes of the share, the largest first</caption>
        <thead>
          <tr>
            <th scope="col">at</th>
            <th scope="col">share</th>
            <th scope="col">what happened</th>
            <th scope="col">
              <span className="unseen">go there</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {jumps.map(({ before, after }) => (
            <tr key={after.events}>
              <td>{formatDuration(after.timeUs)}</td>
              <td>
                {shareOf(after) > shareOf(before) ? 'rose' : 'fell'} from {percent(before)} to{' '}
                {percent(after)}
              </td>
              <td>{after.since === null ? 'time passed' : happeningWords(info, after.since)}</td>
              <td>
                <Button
                  className="link-button"
                  aria-label={`Go to ${formatDuration(after.timeUs)}`}
                  onPress={() => {
                    lab.goTo(after.timeUs);
                    if (after.since !== null) lab.hop.set(after.since.id);
                  }}
                >
                  go there
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
