import { Button } from 'react-aria-components/Button';
import { linkOf } from '../address-bar.ts';
import { PauseIcon, PlayIcon } from '../icons.tsx';
import { useLab, usePlayerState, useSummary } from '../lab-context.ts';
import { ClockFace } from '../transport/clock-face.tsx';
import { OnePicture } from './one-picture.tsx';
import './present.css';

/** One picture in another page: it plays, says when it is, and opens as a whole in a tab of its own. */
export function Embed() {
  const lab = useLab();
  const state = usePlayerState();
  const title = useSummary((summary) => summary.info?.title);
  // The link says where it is now.
  useSummary((summary) => summary.timeUs);
  const isPlaying = state === 'playing';
  return (
    <div className="embed">
      <main className="embed-stage" aria-label={title ?? 'Fanout'}>
        <OnePicture />
      </main>
      <div className="embed-bar">
        <Button
          className="play-button"
          aria-label={isPlaying ? 'Pause' : 'Play'}
          isDisabled={title === undefined}
          // A question needs the lesson, which is not here: it is passed by.
          onPress={() => {
            const asking = lab.store.summary.current.lesson.asking;
            if (state === 'asking' && asking !== null) lab.answer(asking);
            else lab.togglePlay();
          }}
        >
          {isPlaying ? <PauseIcon /> : <PlayIcon />}
        </Button>
        <ClockFace />
        {state === 'asking' && <span className="quiet">The lesson asks here; play goes on.</span>}
        <span className="spacer" />
        <a href={linkOf(lab)} target="_blank" rel="noopener">
          Open in Fanout
        </a>
      </div>
    </div>
  );
}
