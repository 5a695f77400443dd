import { useSelector } from '@xstate/react';
import { useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { Menu, MenuItem, MenuTrigger } from 'react-aria-components/Menu';
import { Popover } from 'react-aria-components/Popover';
import { ProgressBar } from 'react-aria-components/ProgressBar';
import { ToggleButton } from 'react-aria-components/ToggleButton';
import { Curves } from '../../views/curves/curves.tsx';
import { useValue } from '../../views/store/value.ts';
import { FuturesStrip } from '../futures/futures-strip.tsx';
import { DownIcon, PauseIcon, PlayIcon, StartIcon, StepIcon } from '../icons.tsx';
import { useLab, usePlayerState, useSummary } from '../lab-context.ts';
import { Tip } from '../tip.tsx';
import { ClockFace } from './clock-face.tsx';
import { Promises } from './promises.tsx';
import { Scrubber } from './scrubber.tsx';
import { SpeedSlider } from './speed-slider.tsx';

/** Play, pause, step, speed, clock, promises, and the scrubber below them. */
export function Transport({ narrow }: { readonly narrow: boolean }) {
  const lab = useLab();
  const state = usePlayerState();
  const open = useSummary((summary) => summary.info !== null);
  const [curves, setCurves] = useState(false);
  const playing = state === 'playing';
  const asking = state === 'asking';
  return (
    <section className="transport" aria-label="Transport">
      {curves && (
        <div className="curves-strip">
          <Curves stage={lab} size="strip" />
        </div>
      )}
      <div className="transport-row">
        <div className="buttons">
          <Tip text="Back to the start" keys="Home">
            <Button
              className="icon-button"
              aria-label="Back to the start"
              isDisabled={!open}
              onPress={() => lab.goTo(0)}
            >
              <StartIcon />
            </Button>
          </Tip>
          <Tip
            text={asking ? 'The question in the lesson waits for your answer' : playing ? 'Pause' : 'Play'}
            keys="Space"
          >
            <Button
              className="play-button"
              aria-label={playing ? 'Pause' : 'Play'}
              isDisabled={!open || asking}
              onPress={() => lab.togglePlay()}
            >
              {playing ? <PauseIcon /> : <PlayIcon />}
            </Button>
          </Tip>
          <div className="split">
            <Tip text="One event on" keys="→">
              <Button
                className="icon-button"
                aria-label="Step one event"
                isDisabled={!open}
                onPress={() => lab.step('event')}
              >
                <StepIcon />
                <span className="wide-only">step</span>
              </Button>
            </Tip>
            <MenuTrigger>
              <Button className="icon-button narrow" aria-label="How far to step" isDisabled={!open}>
                <DownIcon />
              </Button>
              <Popover className="popover" placement="top start">
                <Menu className="menu" onAction={(key) => lab.step(key === 'message' ? 'message' : 'event')}>
                  <MenuItem id="event" textValue="To the next event">
                    To the next event <kbd>→</kbd>
                  </MenuItem>
                  <MenuItem id="message" textValue="To the next event of the watched message">
                    To the next event of the watched message <kbd>Shift →</kbd>
                  </MenuItem>
                </Menu>
              </Popover>
            </MenuTrigger>
          </div>
        </div>
        <ClockFace />
        <SpeedSlider />
        <Status />
        <ToggleButton
          className="bar-button wide-only"
          isSelected={curves}
          onChange={setCurves}
          isDisabled={!open}
        >
          curves
        </ToggleButton>
        {!narrow && <Promises />}
      </div>
      <FuturesStrip />
      <Scrubber />
    </section>
  );
}

/** What just happened, or what takes long. */
function Status() {
  const lab = useLab();
  const state = usePlayerState();
  const status = useValue(lab.status);
  const share = useSelector(lab.player, (snapshot) => snapshot.context.share);
  const doing = useSelector(lab.player, (snapshot) => snapshot.context.doing);
  if (state === 'rewinding') {
    return (
      <ProgressBar className="status progress" value={100 * share} aria-label={doing}>
        {({ percentage }) => (
          <>
            <span className="quiet">{doing}</span>
            <span className="progress-track">
              <span className="progress-fill" style={{ width: `${percentage ?? 0}%` }} />
            </span>
          </>
        )}
      </ProgressBar>
    );
  }
  const words =
    state === 'asking' ? 'The lesson asks you something.' : state === 'ended' ? 'The run has ended.' : status;
  return (
    <span className="status" role="status">
      {words}
    </span>
  );
}
