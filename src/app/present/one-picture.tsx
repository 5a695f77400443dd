import { lazy, Suspense } from 'react';
import { viewById } from '../../views/registry.ts';
import { useValue } from '../../views/store/value.ts';
import { useLab, usePlayerState, useSummary } from '../lab-context.ts';
import { StageNotice } from '../stage/stage-notice.tsx';

const WorldPair = lazy(async () => ({ default: (await import('../compare/world-pair.tsx')).WorldPair }));

/** The chosen picture alone, with its name for screen readers. */
export function OnePicture() {
  const lab = useLab();
  const view = viewById(useValue(lab.picture));
  const state = usePlayerState();
  const twin = useValue(lab.twin);
  const title = useSummary((summary) => summary.info?.title);
  if (state === 'loading' || state === 'failed' || (state === 'empty' && view.standsAlone !== true))
    return <StageNotice />;
  const { Picture } = view;
  return (
    <section className="stage-panel" aria-label={view.name}>
      <h1 className="unseen">{title === undefined ? view.name : `${view.name}: ${title}`}</h1>
      <Suspense fallback={<p className="quiet">Loading the picture…</p>}>
        {twin === null ? (
          <Picture key={view.id} stage={lab} size="large" />
        ) : (
          <WorldPair key={twin.name} view={view} inWords={false} twin={twin} />
        )}
      </Suspense>
    </section>
  );
}
