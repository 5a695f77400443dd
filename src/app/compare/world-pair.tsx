import { Suspense, useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { ProgressBar } from 'react-aria-components/ProgressBar';
import { ToggleButton } from 'react-aria-components/ToggleButton';
import { ToggleButtonGroup } from 'react-aria-components/ToggleButtonGroup';
import type { ViewDefinition } from '../../views/registry.ts';
import { type Stage, StageProvider } from '../../views/stage.ts';
import { useValue } from '../../views/store/value.ts';
import { useLab, useSummary } from '../lab-context.ts';
import { mediaValue } from '../theme.ts';
import type { Twin } from '../twin.ts';
import { ComparisonTable } from './comparison-table.tsx';
import './compare.css';

interface Props {
  readonly view: ViewDefinition;
  readonly inWords: boolean;
  readonly twin: Twin;
}

/** Too narrow for two pictures side by side: one at a time. */
const narrow = mediaValue('(max-width: 719px)');

const SHOWN = ['first', 'second', 'differences'] as const;
type Shown = (typeof SHOWN)[number];

/** One picture of two worlds at one moment, and what differs. */
export function WorldPair({ view, inWords, twin }: Props) {
  const lab = useLab();
  const isNarrow = useValue(narrow);
  const [shown, setShown] = useState<Shown>('first');
  const firstName = useSummary((summary) => summary.info?.worlds[0]) ?? 'as written';
  const asks = useSummary((summary) => summary.info?.lesson.some(({ kind }) => kind === 'ask') ?? false);
  const isThere = (part: Shown): boolean => !isNarrow || shown === part;
  const names: Readonly<Record<Shown, string>> = {
    first: firstName,
    second: twin.name,
    differences: 'differences',
  };
  return (
    <div className="compare">
      {isNarrow && (
        <ToggleButtonGroup
          className="compare-switch"
          aria-label="What is shown of the two worlds"
          selectionMode="single"
          disallowEmptySelection
          selectedKeys={[shown]}
          onSelectionChange={(keys) => setShown(SHOWN.find((part) => keys.has(part)) ?? 'first')}
        >
          {SHOWN.map((part) => (
            <ToggleButton key={part} id={part} className="small-button">
              {names[part]}
            </ToggleButton>
          ))}
        </ToggleButtonGroup>
      )}
      <div className="compare-worlds">
        {isThere('first') && (
          <World
            name={firstName}
            stage={lab}
            view={view}
            inWords={inWords}
            note={asks ? 'its questions are asked' : ''}
          />
        )}
        {isThere('second') && <SecondWorld twin={twin} view={view} inWords={inWords} asks={asks} />}
      </div>
      {isThere('differences') && <ComparisonTable twin={twin} firstName={firstName} />}
    </div>
  );
}

interface WorldProps {
  readonly name: string;
  readonly stage: Stage;
  readonly view: ViewDefinition;
  readonly inWords: boolean;
  /** A few words beside the name. */
  readonly note: string;
}

function World({ name, stage, view, inWords, note }: WorldProps) {
  const [toolbar, setToolbar] = useState<HTMLElement | null>(null);
  const { Picture, Words } = view;
  return (
    <section className="compare-world" aria-label={`World: ${name}`}>
      <div className="compare-head">
        <h3 data-saved>{name}</h3>
        <span className="quiet">{note}</span>
        <div className="stage-toolbar" ref={setToolbar} />
      </div>
      <div className="compare-picture">
        <Suspense fallback={<p className="quiet">Loading the picture…</p>}>
          {inWords ? (
            // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
            <section className="words" tabIndex={0} aria-label={`${view.name} in words, ${name}`}>
              <Words stage={stage} />
            </section>
          ) : (
            <Picture stage={stage} size="large" toolbar={toolbar} />
          )}
        </Suspense>
      </div>
    </section>
  );
}

interface SecondProps {
  readonly twin: Twin;
  readonly view: ViewDefinition;
  readonly inWords: boolean;
  readonly asks: boolean;
}

/** The other world: being built, following, or in trouble. */
function SecondWorld({ twin, view, inWords, asks }: SecondProps) {
  const lab = useLab();
  const state = useValue(twin.state);
  if (state.is === 'running') {
    const percent = state.share === null ? null : Math.round(100 * state.share);
    const note =
      percent === null ? (asks ? 'asks no questions' : '') : `catching up, ${percent} %: the clock waits`;
    return (
      <StageProvider value={twin}>
        <World name={twin.name} stage={twin} view={view} inWords={inWords} note={note} />
      </StageProvider>
    );
  }
  return (
    <section className="compare-world" aria-label={`World: ${twin.name}`}>
      <div className="compare-head">
        <h3>{twin.name}</h3>
      </div>
      {state.is === 'building' ? (
        <div className="notice">
          <ProgressBar
            className="progress large"
            value={100 * state.share}
            aria-label={`Building the world ${twin.name}: ${state.what}`}
          >
            {({ percentage }) => (
              <>
                <span className="progress-track">
                  <span className="progress-fill" style={{ width: `${percentage ?? 0}%` }} />
                </span>
                <span>{state.what}; the clock waits for it</span>
              </>
            )}
          </ProgressBar>
        </div>
      ) : (
        <div className="notice" role="alert">
          <p>{state.mayConfirm ? 'This world is large.' : 'This world cannot be run.'}</p>
          <ul className="problems">
            {state.problems.map((problem) => (
              <li key={problem}>
                <code>{problem}</code>
              </li>
            ))}
          </ul>
          {state.mayConfirm && (
            <Button className="break-button" onPress={() => lab.compareWith(lab.comparison.current, true)}>
              Run it all the same
            </Button>
          )}
          <Button className="main-button" onPress={() => lab.compareWith(null)}>
            Stop comparing
          </Button>
        </div>
      )}
    </section>
  );
}
