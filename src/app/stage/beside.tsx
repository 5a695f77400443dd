import { Suspense, useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox';
import { Popover } from 'react-aria-components/Popover';
import { Label, Select, SelectValue } from 'react-aria-components/Select';
import { VIEWS, type ViewDefinition } from '../../views/registry.ts';
import { useLab } from '../lab-context.ts';

/** A second picture of the same world and moment, at the right of the one that is chosen below. */
export function BesidePicture({
  view,
  inWords,
}: {
  readonly view: ViewDefinition;
  readonly inWords: boolean;
}) {
  const lab = useLab();
  const [toolbar, setToolbar] = useState<HTMLElement | null>(null);
  const { Picture, Words } = view;
  return (
    <section className="beside" aria-label={`Beside it: ${view.name}`}>
      <div className="beside-head">
        <Select className="select" value={view.id} onChange={(key) => lab.beside.set(String(key))}>
          <Label className="unseen">The picture beside it</Label>
          <Button className="select-button">
            <SelectValue />
          </Button>
          <Popover className="popover">
            <ListBox className="menu">
              {VIEWS.map(({ id, name }) => (
                <ListBoxItem key={id} id={id}>
                  {name}
                </ListBoxItem>
              ))}
            </ListBox>
          </Popover>
        </Select>
        <div className="stage-toolbar" ref={setToolbar} />
      </div>
      <Suspense fallback={<p className="quiet">Loading the picture…</p>}>
        {inWords ? (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
          <section className="words" tabIndex={0} aria-label={`${view.name} in words, beside`}>
            <Words stage={lab} />
          </section>
        ) : (
          <Picture stage={lab} size="large" toolbar={toolbar} />
        )}
      </Suspense>
    </section>
  );
}
