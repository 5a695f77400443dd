import { formatDuration } from '../../base/units.ts';
import { Explained } from '../explained.tsx';
import type { Stage } from '../stage.ts';
import { useValue } from '../store/value.ts';
import { PLOTS } from './plots.ts';

/** The curves in numbers: now, and the extremes so far. */
export function CurvesText({ stage }: { readonly stage: Stage }) {
  const { timeUs } = useValue(stage.store.summary);
  const { curve } = stage.store;
  const end = curve.after(timeUs);
  if (end === 0) return <p>Nothing has been measured yet.</p>;
  return (
    <div className="text-twin">
      <p>Up to {formatDuration(timeUs)} of virtual time.</p>
      <table>
        <thead>
          <tr>
            <th scope="col">what</th>
            <th scope="col" className="number">
              now
            </th>
            <th scope="col" className="number">
              lowest
            </th>
            <th scope="col" className="number">
              highest
            </th>
          </tr>
        </thead>
        <tbody>
          {PLOTS.flatMap((plot) =>
            plot.lines.map((line) => {
              const values = curve.column(line.field).subarray(0, end);
              const name = plot.lines.length > 1 ? `${plot.title}, ${line.label}` : plot.title;
              return (
                <tr key={line.field}>
                  <th scope="row">
                    <Explained means={plot.means}>{name}</Explained>
                  </th>
                  <td className="number">{plot.format(values[end - 1]!)}</td>
                  <td className="number">{plot.format(values.reduce((a, b) => Math.min(a, b)))}</td>
                  <td className="number">{plot.format(values.reduce((a, b) => Math.max(a, b)))}</td>
                </tr>
              );
            }),
          )}
        </tbody>
      </table>
    </div>
  );
}
