import { scaleLinear } from 'd3-scale';
import { groupDigits } from '../../base/text.ts';
import { formatDuration } from '../../base/units.ts';
import type { Structure } from '../../worker/protocol.ts';
import { useSummary } from '../lab-context.ts';

/** A data structure of the simulated system, drawn as what it is: a queue, a hash map, a sliding window. */
export function StructurePicture({ of }: { readonly of: Structure }) {
  return (
    <section className={`structure structure-${of.kind}`} aria-label={`${of.kind}: ${of.name}`}>
      <h3>
        {of.name} <span className="quiet">{of.kind}</span>
      </h3>
      {of.kind === 'queue' && <Queue of={of} />}
      {of.kind === 'map' && <HashMap of={of} />}
      {of.kind === 'window' && <Window of={of} />}
    </section>
  );
}

const leftOut = (size: number, shown: number): string =>
  size > shown ? `and ${groupDigits(size - shown)} more` : '';

function Queue({ of }: { readonly of: Extract<Structure, { kind: 'queue' }> }) {
  return (
    <>
      <p className="quiet">
        {groupDigits(of.size)} waiting{of.limit === null ? '' : ` of at most ${groupDigits(of.limit)}`}
        {of.size > 0 && ', the next one first'}
      </p>
      {of.size > 0 && (
        <ol className="queue">
          {of.entries.map((entry, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a place in the queue
            <li key={i}>{entry}</li>
          ))}
        </ol>
      )}
      <p className="quiet">{leftOut(of.size, of.entries.length)}</p>
    </>
  );
}

function HashMap({ of }: { readonly of: Extract<Structure, { kind: 'map' }> }) {
  return (
    <>
      <table className="map">
        <tbody>
          {of.entries.map((entry, i) => (
            <tr key={entry.key} data-probed={of.probed === i || undefined}>
              <th scope="row">{entry.key}</th>
              <td>
                {entry.value}
                {of.probed === i && <span className="quiet"> looked up last</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="quiet">
        {of.size === 0 ? 'empty' : `${groupDigits(of.size)} ${of.size === 1 ? 'entry' : 'entries'}`}{' '}
        {of.entries.length > 0 ? leftOut(of.size, of.entries.length) : ''}
      </p>
    </>
  );
}

function Window({ of }: { readonly of: Extract<Structure, { kind: 'window' }> }) {
  const nowUs = useSummary((summary) => summary.timeUs);
  const x = scaleLinear([nowUs - of.windowUs, nowUs], [0, 100]).clamp(true);
  const inside = (timeUs: number): boolean => timeUs >= nowUs - of.windowUs && timeUs <= nowUs;
  return (
    <>
      <p className="quiet">
        {of.count} of {of.limit} in the last {formatDuration(of.windowUs)}
      </p>
      <svg className="window" viewBox="0 0 100 16" preserveAspectRatio="none" aria-hidden="true">
        <rect x="0" y="0" width="100" height="16" />
        {of.acceptedUs.filter(inside).map((timeUs) => (
          <line key={timeUs} x1={x(timeUs)} x2={x(timeUs)} y1="2" y2="14" className="accepted" />
        ))}
        {of.refusedUs.filter(inside).map((timeUs) => (
          <line key={timeUs} x1={x(timeUs)} x2={x(timeUs)} y1="6" y2="14" className="refused" />
        ))}
      </svg>
    </>
  );
}
