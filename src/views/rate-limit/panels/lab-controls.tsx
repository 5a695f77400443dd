import { Button } from 'react-aria-components/Button';
import { ToggleButton } from 'react-aria-components/ToggleButton';
import { hasBucket, RATE_LIMIT_ALGORITHMS } from '../../../algorithms/rate-limit/config.ts';
import { parseCount, parseDurationUs, secondsText } from '../../../base/units.ts';
import { useValue } from '../../store/value.ts';
import { PATTERNS } from '../model/patterns.ts';
import type { RateLab } from '../model/rate-lab.ts';
import { MOST_REQUESTS } from '../model/requests.ts';
import type { LimitSettings } from '../model/settings.ts';
import { ALGORITHM_MEANS, ALGORITHM_NAMES, requestName } from '../model/words.ts';
import { Entry, Pick } from './fields.tsx';
import { PasteTimes } from './paste-times.tsx';

const ALGORITHMS = RATE_LIMIT_ALGORITHMS.map((id) => ({
  id,
  name: ALGORITHM_NAMES[id],
  means: ALGORITHM_MEANS[id],
}));

/** Where the requests come from, the limiter and its settings, and what can be done to the requests. */
export function LabControls({ lab }: { readonly lab: RateLab }) {
  const { source, chosen, settings } = useValue(lab.timeline);
  const isRun = source === 'run';
  return (
    <div className="rate-controls">
      <Pick
        label="Algorithm that is drawn large"
        value={chosen.algorithm}
        options={ALGORITHMS}
        onPick={(algorithm) => lab.chooseAlgorithm(algorithm)}
      />
      {isRun ? (
        <span className="rate-label">
          limit {settings.limit} in {secondsText(settings.windowUs)} s, as the scenario has it
        </span>
      ) : (
        <>
          <Entry
            label="limit"
            value={String(settings.limit)}
            width="4.5rem"
            onEnter={(text) => {
              const limit = parseCount(text);
              return limit === null
                ? `"${text}" is no limit; write a whole number, such as 5`
                : lab.set({ limit });
            }}
          />
          <Entry
            label="in"
            value={`${secondsText(settings.windowUs)}s`}
            width="5rem"
            onEnter={(text) => {
              const windowUs = parseDurationUs(/^[\d.]+$/.test(text) ? `${text}s` : text);
              return windowUs === null
                ? `"${text}" is no window; write a duration, such as 60s or 1500ms`
                : lab.set({ windowUs });
            }}
          />
          <OwnSetting lab={lab} settings={settings} />
        </>
      )}
      {!isRun && <Deeds lab={lab} />}
    </div>
  );
}

/** The one setting that the chosen algorithm has besides limit and window. */
function OwnSetting({ lab, settings }: { readonly lab: RateLab; readonly settings: LimitSettings }) {
  const { algorithm } = useValue(lab.timeline).chosen;
  return (
    <>
      {algorithm === 'sliding-window-log' && (
        <Pick
          label="exactly one window old"
          labelled
          value={settings.boundary}
          options={[
            { id: 'inclusive', name: 'counts', means: 'A request exactly one window old is still inside.' },
            { id: 'exclusive', name: 'does not count', means: 'A request exactly one window old has left.' },
          ]}
          onPick={(boundary) => lab.set({ boundary })}
        />
      )}
      {algorithm === 'fixed-window' && (
        <Pick
          label="windows begin"
          labelled
          value={settings.align}
          options={[
            { id: 'clock', name: 'by the clock', means: 'At multiples of the window.' },
            {
              id: 'first-request',
              name: 'at a first request',
              means: 'When a request comes and no window is open.',
            },
          ]}
          onPick={(align) => lab.set({ align })}
        />
      )}
      {algorithm === 'sliding-window-counter' && (
        <Pick
          label="compares"
          labelled
          value={settings.rounding}
          options={[
            {
              id: 'exact',
              name: 'the exact estimate',
              means: 'The estimate with this request must be within the limit.',
            },
            {
              id: 'floor',
              name: 'rounded down',
              means: 'The estimate before it, rounded down, must be below the limit.',
            },
          ]}
          onPick={(rounding) => lab.set({ rounding })}
        />
      )}
      {hasBucket(algorithm) && (
        <Entry
          label="burst"
          value={settings.burst === null ? '' : String(settings.burst)}
          width="4.5rem"
          placeholder={String(settings.limit)}
          onEnter={(text) => {
            if (text === '') return lab.set({ burst: null });
            const burst = parseCount(text);
            return burst === null
              ? `"${text}" is no burst; write a whole number, such as 5`
              : lab.set({ burst });
          }}
        />
      )}
      {algorithm === 'leaky-bucket' && (
        <Pick
          label="what is allowed"
          labelled
          value={settings.leak}
          options={[
            { id: 'meter', name: 'goes on at once', means: 'A meter: it only counts.' },
            { id: 'queue', name: 'waits its turn', means: 'A queue: it leaves at the pace of the leak.' },
          ]}
          onPick={(leak) => lab.set({ leak })}
        />
      )}
    </>
  );
}

/** What can be done to the student's requests without a pointer. */
function Deeds({ lab }: { readonly lab: RateLab }) {
  const { pattern, requests } = useValue(lab.model);
  const cursor = useValue(lab.cursor);
  const canUndo = useValue(lab.canUndo);
  const playing = useValue(lab.playing);
  const place = requests.findIndex(({ id }) => id === cursor.request);
  const looked = requests[place];
  return (
    <div className="rate-deeds">
      <Pick
        label="Pattern of requests"
        value={pattern}
        placeholder="your own requests"
        options={PATTERNS.map(({ id, name, shows }) => ({ id, name, means: shows }))}
        onPick={(id) => lab.load(id)}
      />
      <PasteTimes lab={lab} />
      <Button
        className="small-button"
        isDisabled={requests.length >= MOST_REQUESTS}
        onPress={() => lab.add(cursor.timeUs)}
      >
        add at {secondsText(cursor.timeUs)} s
      </Button>
      <Button
        className="small-button"
        isDisabled={looked === undefined}
        onPress={() => looked !== undefined && lab.delete(looked.id)}
      >
        delete {looked === undefined ? 'a request' : requestName(place)}
      </Button>
      <Button className="small-button" isDisabled={!canUndo} onPress={() => lab.undo()}>
        undo
      </Button>
      <ToggleButton
        className="small-button"
        isSelected={playing}
        onChange={(on) => (on ? lab.play() : lab.stop())}
      >
        {playing ? 'stop the window' : 'slide the window'}
      </ToggleButton>
      <Button
        className="small-button rate-predict"
        isDisabled={requests.length === 0}
        onPress={() => lab.startPrediction()}
      >
        predict
      </Button>
    </div>
  );
}
