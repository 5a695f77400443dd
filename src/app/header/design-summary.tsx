import { Button } from 'react-aria-components/Button';
import { Dialog, DialogTrigger, Heading } from 'react-aria-components/Dialog';
import { Popover } from 'react-aria-components/Popover';
import { useSummary } from '../lab-context.ts';

/** What this scenario's design sets, and how that differs from the standard one. */
export function DesignSummary() {
  const design = useSummary((summary) => summary.info?.design);
  if (design === undefined || design.length === 0) return null;
  const changed = design.filter((setting) => setting.changed);
  return (
    <DialogTrigger>
      <Button className="bar-button">
        design:{' '}
        {changed.length === 0
          ? 'standard'
          : `${changed.length} ${changed.length === 1 ? 'setting' : 'settings'} changed`}
      </Button>
      <Popover className="popover" placement="bottom">
        <Dialog className="design">
          <Heading slot="title">The design</Heading>
          <table>
            <thead>
              <tr>
                <th scope="col">setting</th>
                <th scope="col">here</th>
                <th scope="col">standard</th>
              </tr>
            </thead>
            <tbody>
              {design.map((setting) => (
                <tr key={setting.path} data-changed={setting.changed || undefined}>
                  <th scope="row">{setting.path}</th>
                  <td>{setting.value}</td>
                  <td className="quiet">{setting.changed ? setting.standard : 'the same'}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
