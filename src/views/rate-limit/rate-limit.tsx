import { useEffect, useId, useRef } from 'react';
import { Button } from 'react-aria-components/Button';
import { createPortal } from 'react-dom';
import { userName } from '../names.ts';
import type { PictureProps, Stage } from '../stage.ts';
import { usePicked, useValue } from '../store/value.ts';
import { usePicture } from '../use-picture.ts';
import { TimelinePainter } from './drawing/timeline-painter.ts';
import { listenToKeys } from './model/keys.ts';
import { type RateLab, rateLabOf } from './model/rate-lab.ts';
import { LabControls } from './panels/lab-controls.tsx';
import { PredictionPanel } from './panels/prediction-panel.tsx';
import { RateThumbnail } from './panels/rate-thumbnail.tsx';
import { Reports } from './panels/reports.tsx';
import { Sentence } from './panels/sentence.tsx';
import { SourceChoice } from './panels/source-choice.tsx';
import { StateFlowPicture } from './panels/state-flow.tsx';
import { VerdictMark } from './panels/verdict-mark.tsx';
import './rate-limit.css';

/**
 * The rate-limit timeline: one client's requests, what the chosen algorithm counts as time goes by, and all algorithms on the same requests. The
 * requests are those of the watched user in the run, or the student's own.
 */
export function RateLimit({ stage, size, toolbar }: PictureProps) {
  return size === 'thumbnail' ? (
    <RateThumbnail stage={stage} />
  ) : (
    <Large stage={stage} toolbar={toolbar ?? null} />
  );
}

interface LargeProps {
  readonly stage: Stage;
  readonly toolbar: HTMLElement | null;
}

function Large({ stage, toolbar }: LargeProps) {
  const lab = rateLabOf(stage);
  const id = `rate${useId().replaceAll(/[^\w]/g, '')}`;
  const box = useRef<HTMLDivElement>(null);
  const svg = useRef<SVGSVGElement>(null);
  const painter = useRef<TimelinePainter | null>(null);

  const touch = usePicture({
    stage,
    size: 'large',
    box,
    followsRun: false,
    draw: () => {
      const width = box.current?.clientWidth ?? 0;
      if (width > 0) painter.current?.draw(width, stage.palette.current, stage.store.info?.durationUs ?? 0);
    },
  });
  useEffect(() => {
    const target = svg.current;
    if (target === null) return;
    painter.current = new TimelinePainter(target, id, lab);
    const game = lab.game.subscribe(touch);
    const stops = [
      listenToKeys(target, lab),
      ...[lab.timeline, lab.cursor, lab.playing, lab.view].map((value) => value.subscribe(touch)),
      stage.loop.addAction((nowMs) => {
        if (lab.tick(nowMs, stage.reducedMotion.current)) touch();
        if (lab.playing.current || lab.isWordBehind) stage.loop.request();
      }),
    ];
    return () => {
      game.unsubscribe();
      for (const stop of stops) stop();
      painter.current = null;
    };
  }, [stage, lab, id, touch]);

  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    // biome-ignore lint/a11y/useSemanticElements: two worlds have one each, so it is no landmark
    <section role="group" className="rate-limit" aria-label="Rate-limit timeline" tabIndex={0}>
      {toolbar !== null && createPortal(<SourceChoice lab={lab} />, toolbar)}
      <LabControls lab={lab} />
      <PredictionPanel lab={lab} />
      <Sentence lab={lab} mostZoom={() => painter.current?.mostZoom ?? 1} />
      <div className="rate-box" ref={box} data-owns-arrows data-saved>
        {/* biome-ignore lint/a11y/useSemanticElements: a drawing is no fieldset */}
        <svg ref={svg} role="group" aria-label="Timeline; the same as a table under: in words" />
      </div>
      <p className="quiet rate-legend" data-saved>
        <span>
          <VerdictMark verdict="allowed" /> allowed
        </span>
        <span>
          <VerdictMark verdict="refused" /> refused
        </span>
        <span>≠ the algorithms disagree</span>
        <span>dashed: the limit of each</span>
        <span className="wide-only" data-unsaved>
          keys: arrows move the window, Page Down goes to a request, Shift and an arrow move it, Delete
          deletes it
        </span>
      </p>
      <Note lab={lab} stage={stage} />
      <StateFlowPicture lab={lab} />
      <Reports lab={lab} svg={svg} stage={stage} />
    </section>
  );
}

/** Where the requests come from, as far as a reader must know; and whom one might follow. */
function Note({ lab, stage }: { readonly lab: RateLab; readonly stage: Stage }) {
  const { note } = useValue(lab.timeline);
  const why = usePicked(lab.followed, (followed) => followed.why);
  const suggested = usePicked(lab.followed, (followed) =>
    followed.run === null ? followed.suggested : null,
  );
  const { info } = stage.store;
  const text = note === '' ? why : note;
  if (text === null) return null;
  return (
    <p className="quiet rate-note" data-saved>
      {text}{' '}
      {suggested !== null && info !== null && (
        <Button className="link-button" onPress={() => stage.select({ kind: 'user', user: suggested })}>
          follow {userName(info, suggested)}, whom the limiter has refused
        </Button>
      )}
    </p>
  );
}
