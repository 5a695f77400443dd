import { lazy, Suspense, useState } from 'react';
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components/Tabs';
import { ToggleButton } from 'react-aria-components/ToggleButton';
import { VIEWS, viewById } from '../../views/registry.ts';
import { useValue } from '../../views/store/value.ts';
import { useLab, usePlayerState } from '../lab-context.ts';
import { Tip } from '../tip.tsx';
import { BesidePicture } from './beside.tsx';
import { SavePicture } from './save-picture.tsx';
import { StageNotice } from './stage-notice.tsx';
import { toggleBeside, wideEnough } from './two-pictures.ts';

const WorldPair = lazy(async () => ({ default: (await import('../compare/world-pair.tsx')).WorldPair }));

/** One picture large, all of them as live thumbnails that change places with it. */
export function StageArea() {
  const lab = useLab();
  const picture = useValue(lab.picture);
  const state = usePlayerState();
  const twin = useValue(lab.twin);
  const [toolbar, setToolbar] = useState<HTMLElement | null>(null);
  const [inWords, setInWords] = useState(false);
  const view = viewById(picture);
  const beside = useValue(lab.beside);
  const mayBeside = useValue(wideEnough) && twin === null;
  if (state === 'loading' || state === 'failed' || (state === 'empty' && view.standsAlone !== true))
    return <StageNotice />;
  return (
    <Tabs className="stage-tabs" selectedKey={view.id} onSelectionChange={(key) => lab.show(String(key))}>
      {/* First in the document, since the panels are named after their tabs; last on the screen. */}
      <TabList className="thumbnails" aria-label="Pictures of this moment">
        {VIEWS.map(({ id, name, Picture }, i) => (
          <Tab key={id} id={id} className="thumbnail">
            <span className="thumbnail-picture" aria-hidden="true">
              {id !== view.id && (
                <Suspense fallback={null}>
                  <Picture stage={lab} size="thumbnail" />
                </Suspense>
              )}
            </span>
            <span className="thumbnail-name">
              <kbd>{i + 1}</kbd> {name}
            </span>
          </Tab>
        ))}
      </TabList>
      <div className="stage-head">
        <h2>{view.name}</h2>
        <p className="quiet">{view.shows}</p>
        <div className="stage-toolbar" ref={setToolbar} />
        <SavePicture view={view} inWords={inWords} />
        {mayBeside && (
          <Tip text="Two pictures side by side" keys="t">
            <ToggleButton
              className="small-button"
              aria-label="two pictures"
              isSelected={beside !== null}
              onChange={() => toggleBeside(lab)}
            >
              two
            </ToggleButton>
          </Tip>
        )}
        <ToggleButton className="small-button" isSelected={inWords} onChange={setInWords}>
          in words
        </ToggleButton>
      </div>
      {VIEWS.map(({ id, Picture, Words }) => (
        <TabPanel key={id} id={id} className="stage-panel">
          <Suspense fallback={<p className="quiet">Loading the picture…</p>}>
            {twin !== null ? (
              <WorldPair key={twin.name} view={viewById(id)} inWords={inWords} twin={twin} />
            ) : inWords ? (
              // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
              <section className="words" tabIndex={0} aria-label={`${view.name} in words`}>
                <Words stage={lab} />
              </section>
            ) : (
              <Picture stage={lab} size="large" toolbar={toolbar} />
            )}
          </Suspense>
          {mayBeside && beside !== null && <BesidePicture view={viewById(beside)} inWords={inWords} />}
        </TabPanel>
      ))}
    </Tabs>
  );
}
