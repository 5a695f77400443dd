import { Button } from 'react-aria-components/Button';
import { Menu, MenuItem, MenuTrigger } from 'react-aria-components/Menu';
import { Popover } from 'react-aria-components/Popover';
import type { ViewDefinition } from '../../views/registry.ts';
import { useValue } from '../../views/store/value.ts';
import { downloadBlob, downloadText } from '../download.ts';
import type { Lab } from '../lab.ts';
import { useLab } from '../lab-context.ts';
import { aboutPicture, fileStem } from '../provenance.ts';

type Format = 'svg' | 'png' | 'csv';

/** The picture as a file for a report, and the data behind it. */
export function SavePicture({ view, inWords }: { readonly view: ViewDefinition; readonly inWords: boolean }) {
  const lab = useLab();
  const twin = useValue(lab.twin);
  return (
    <MenuTrigger>
      <Button className="small-button">save</Button>
      <Popover className="popover" placement="bottom end">
        <Menu
          className="menu"
          aria-label={`Save: ${view.name}`}
          disabledKeys={inWords ? ['svg', 'png'] : []}
          onAction={(key) => void save(lab, view, key as Format)}
        >
          <MenuItem id="svg">picture as SVG</MenuItem>
          <MenuItem id="png">picture as PNG</MenuItem>
          <MenuItem id="csv">{twin === null ? 'data as CSV' : 'data of the first world as CSV'}</MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

async function save(lab: Lab, view: ViewDefinition, format: Format): Promise<void> {
  const fileName = `${fileStem(lab, view.id)}.${format}`;
  try {
    if (format === 'csv') {
      const [table, { csvOf }] = await Promise.all([view.loadTable(), import('../../views/save/table.ts')]);
      downloadText(fileName, csvOf(table(lab)), 'text/csv');
    } else {
      const { svgOfPicture, pngOfSvg } = await import('../../views/save/picture-file.ts');
      const panel = document.querySelector('.stage-panel');
      if (panel === null) return;
      const drawn = svgOfPicture(panel, aboutPicture(lab, view.name, view.shows), lab.palette.current);
      if (format === 'svg') downloadText(fileName, drawn.text, 'image/svg+xml');
      else downloadBlob(fileName, await pngOfSvg(drawn));
    }
    lab.status.set(`Saved as ${fileName}.`);
  } catch (error) {
    lab.status.set(`The picture cannot be saved: ${error instanceof Error ? error.message : String(error)}.`);
  }
}
