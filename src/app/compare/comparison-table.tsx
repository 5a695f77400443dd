import { useMemo, useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { counted } from '../../base/text.ts';
import { messageName } from '../../views/names.ts';
import { useValue } from '../../views/store/value.ts';
import type { OpenedInfo } from '../../worker/protocol.ts';
import { DownIcon } from '../icons.tsx';
import { useLab } from '../lab-context.ts';
import type { Twin } from '../twin.ts';
import { type Difference, factDifferences, metricDifferences, promiseDifferences } from './differences.ts';
import { fatesOf, MOST_ROWS_SEARCHED, rowsToRead, selectedInWords, selectedName, twoFates } from './fates.ts';

/** So many messages with two fates are offered. */
const MOST_OFFERED = 6;

interface Props {
  readonly twin: Twin;
  readonly firstName: string;
}

/** What differs between the two worlds: the fate of what is selected, the promises, the figures. */
export function ComparisonTable({ twin, firstName }: Props) {
  const lab = useLab();
  const selection = useValue(lab.selection);
  const here = useValue(lab.store.summary);
  const there = useValue(twin.store.summary);
  const { info } = here;
  const [isOpen, setOpen] = useState(true);
  const isLong = Math.max(here.rows, there.rows) > MOST_ROWS_SEARCHED;
  const fates = useMemo(
    () => ({
      here: fatesOf(rowsToRead(lab.store.rows, selection), here.timeUs),
      there: fatesOf(rowsToRead(twin.store.rows, selection), there.timeUs),
    }),
    [lab, twin, selection, here, there],
  );
  if (info === null || there.info === null) return null;
  const offered = isLong ? [] : twoFates(fates.here, fates.there);
  const fate =
    selection === null
      ? null
      : {
          first: selectedInWords(selection, { info, fates: fates.here, inspection: here.inspection }),
          second: selectedInWords(selection, {
            info: there.info,
            fates: fates.there,
            inspection: there.inspection,
          }),
        };
  const all: readonly Difference[] = [
    ...promiseDifferences(here.promises, there.promises),
    ...metricDifferences(here.metrics, there.metrics, here.atLeast, there.atLeast),
  ];
  const differing = all.filter(({ change, isChance }) => change !== null && isChance !== true);
  const byChance = all.filter(({ isChance }) => isChance === true);
  const facts = selection === null ? [] : factDifferences(here.inspection, there.inspection);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className="compare-below" aria-label="What differs" tabIndex={0}>
      <div className="two-fates">
        <Button className="small-button" aria-expanded={isOpen} onPress={() => setOpen(!isOpen)}>
          {counted(differing.length, 'difference')}
          {isOpen ? <DownIcon /> : ''}
        </Button>
        {offered.length > 0 && <TwoFates messages={offered} info={info} />}
      </div>
      {isOpen && (
        <>
          <table className="compare-table">
            <thead>
              <tr>
                <th scope="col">at this moment</th>
                <th scope="col">{firstName}</th>
                <th scope="col">{twin.name}</th>
                <th scope="col">difference</th>
              </tr>
            </thead>
            <tbody>
              {selection !== null && fate?.first != null && fate.second !== null && (
                <Row
                  of={{
                    name: selectedName(selection, info),
                    first: fate.first,
                    second: fate.second ?? '',
                    change: fate.first === fate.second ? null : '≠ two fates',
                  }}
                />
              )}
              {facts
                .filter(({ change }) => change !== null)
                .map((one) => (
                  <Row key={`fact ${one.name}`} of={one} />
                ))}
              {[...differing, ...byChance].map((one) => (
                <Row key={one.name} of={one} />
              ))}
            </tbody>
          </table>
          {byChance.length > 0 && (
            <p className="quiet">
              No more than chance: two counts a and b that differ by at most √(a + b), and shares of work that
              differ by at most what √n does to a sum over n messages.
            </p>
          )}
          {selection === null && (
            <p className="quiet">
              Select a message or a user: what becomes of it in both worlds is told here.
            </p>
          )}
          <details>
            <summary>Prices that the cost is made with</summary>
            <ul>
              {(info.prices ?? []).map((price) => (
                <li key={price}>{price}</li>
              ))}
            </ul>
          </details>
          <details>
            <summary>
              {differing.length === 0 ? 'No figure or promise differs yet; all' : 'The same in both worlds:'}{' '}
              {all.length - differing.length - byChance.length}
            </summary>
            <table className="compare-table">
              <thead>
                <tr>
                  <th scope="col">at this moment</th>
                  <th scope="col">in both worlds</th>
                </tr>
              </thead>
              <tbody>
                {all
                  .filter(({ change }) => change === null)
                  .map((one) => (
                    <tr key={one.name}>
                      <th scope="row">{one.name}</th>
                      <td>{one.first}</td>
                    </tr>
                  ))}
              </tbody>
            </table>
          </details>
        </>
      )}
    </section>
  );
}

function Row({ of: { name, first, second, change, isChance } }: { readonly of: Difference }) {
  return (
    <tr data-differs={(change !== null && isChance !== true) || undefined}>
      <th scope="row">{name}</th>
      <td>{first}</td>
      <td>{second}</td>
      <td className="compare-change">{change ?? 'the same'}</td>
    </tr>
  );
}

interface TwoFatesProps {
  readonly messages: readonly { readonly sender: number; readonly nth: number }[];
  readonly info: OpenedInfo;
}

/** The same message, two fates: those of which something else became. */
function TwoFates({ messages, info }: TwoFatesProps) {
  const lab = useLab();
  return (
    <>
      <span>Two fates:</span>
      {messages.slice(0, MOST_OFFERED).map(({ sender, nth }) => (
        <Button
          key={`${sender}/${nth}`}
          className="small-button"
          onPress={() => lab.select({ kind: 'message', sender, nth })}
        >
          {messageName(info, sender, nth)}
        </Button>
      ))}
      {messages.length > MOST_OFFERED && (
        <span className="quiet">and {messages.length - MOST_OFFERED} more</span>
      )}
    </>
  );
}
