import { useEffect, useRef, useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { ToggleButton } from 'react-aria-components/ToggleButton';
import { useLab, usePlayerState, useSummary } from '../lab-context.ts';
import { Prose } from '../lesson/prose.tsx';
import { Question } from '../lesson/question.tsx';
import { ClockFace } from '../transport/clock-face.tsx';
import { enterFullScreen, leaveFullScreen, onFullScreenLeft } from './full-screen.ts';
import { OnePicture } from './one-picture.tsx';
import { type Script, useScript } from './use-script.ts';
import './present.css';

const NEXT = ['ArrowRight', 'PageDown'];
const PREVIOUS = ['ArrowLeft', 'PageUp'];

/** For a room: the stage and the sentence in big type. Arrow and page keys step through the script, Escape leaves. */
export function Present() {
  const lab = useLab();
  const script = useScript();
  const [speaks, setSpeaks] = useState(true);
  const now = useRef(script);
  now.current = script;

  useEffect(() => {
    const leave = (): void => lab.mode.set('page');
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
      const target = event.target instanceof Element ? event.target : document.body;
      if (document.querySelector('[role=dialog], [role=menu], [role=listbox] [data-focused]') !== null)
        return;
      const isArrow = event.key.startsWith('Arrow');
      if (isArrow && target.closest('[data-owns-arrows], [role=radiogroup], input') !== null) return;
      if (NEXT.includes(event.key)) now.current.next();
      else if (PREVIOUS.includes(event.key)) now.current.previous();
      else if (event.key === 'n') setSpeaks((was) => !was);
      else if (event.key === 'f') enterFullScreen();
      else if (event.key === 'Escape') leave();
      else return;
      event.preventDefault();
    };
    // Before the keys of the page, which would step an event.
    window.addEventListener('keydown', onKeyDown, true);
    const stop = onFullScreenLeft(leave);
    document.documentElement.classList.add('presents');
    return () => {
      window.removeEventListener('keydown', onKeyDown, true);
      stop();
      document.documentElement.classList.remove('presents');
      // Back in the browser's history leaves too.
      if (lab.mode.current !== 'present') leaveFullScreen();
    };
  }, [lab]);

  return (
    <div className="present">
      <main className="present-stage" aria-label="Stage">
        <div className="present-scale">
          <OnePicture />
        </div>
      </main>
      {speaks && <Sentence script={script} />}
      <Controls script={script} speaks={speaks} onSpeaks={setSpeaks} />
    </div>
  );
}

const NO_TERMS: ReadonlySet<string> = new Set();

/** What is being said, or asked. */
function Sentence({ script: { shown } }: { readonly script: Script }) {
  const lab = useLab();
  const title = useSummary((summary) => summary.info?.title ?? '');
  const asking = useSummary((summary) => summary.lesson.asking);
  const chosen = lab.lesson.getSnapshot().context.chosen[shown?.index ?? -1];
  return (
    <section className="present-sentence" aria-label="Narration" aria-live="polite">
      {shown === null && <p>{title}</p>}
      {shown?.kind === 'say' && <Prose markdown={shown.text} known={NO_TERMS} />}
      {shown?.kind === 'ask' && (
        <Question
          key={shown.index}
          step={shown}
          known={NO_TERMS}
          chosen={chosen}
          waiting={asking === shown.index}
          onChoose={(choice) => lab.lesson.send({ type: 'CHOOSE', step: shown.index, choice })}
          onGoOn={() => lab.answer(shown.index)}
        />
      )}
    </section>
  );
}

interface ControlsProps {
  readonly script: Script;
  readonly speaks: boolean;
  readonly onSpeaks: (speaks: boolean) => void;
}

function Controls({ script, speaks, onSpeaks }: ControlsProps) {
  const lab = useLab();
  const state = usePlayerState();
  const open = useSummary((summary) => summary.info !== null);
  const isPlaying = state === 'playing';
  return (
    <section className="present-controls" aria-label="Present">
      <Button className="small-button" aria-label="Step back" isDisabled={!open} onPress={script.previous}>
        ‹
      </Button>
      <span className="number">
        {script.place} of {script.count}
      </span>
      <Button className="small-button" aria-label="Next step" isDisabled={!open} onPress={script.next}>
        ›
      </Button>
      <Button
        className="small-button"
        isDisabled={!open || state === 'asking'}
        onPress={() => lab.togglePlay()}
      >
        {isPlaying ? 'pause' : 'play'}
      </Button>
      <ClockFace />
      <span className="spacer" />
      <ToggleButton className="small-button" isSelected={speaks} onChange={onSpeaks}>
        narration <kbd>n</kbd>
      </ToggleButton>
      {document.fullscreenEnabled && (
        <Button className="small-button" onPress={enterFullScreen}>
          full screen <kbd>f</kbd>
        </Button>
      )}
      <Button className="small-button" onPress={() => lab.mode.set('page')}>
        leave <kbd>Esc</kbd>
      </Button>
    </section>
  );
}
