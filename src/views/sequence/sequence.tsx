import { type KeyboardEvent, type MouseEvent, useEffect, useId, useRef, useState } from 'react';
import type { PictureProps } from '../stage.ts';
import { useValue, Value } from '../store/value.ts';
import { useModelPicture } from '../use-picture.ts';
import { WitnessNote } from '../witness-note.tsx';
import { ChooseOtherwise, chooseOtherwise } from './choose-otherwise.tsx';
import { DragEnd } from './drag-end.tsx';
import { Drawing } from './drawing.tsx';
import { LaneHeads } from './lane-heads.tsx';
import { MermaidBeside } from './mermaid-beside.tsx';
import { passageAt } from './passage.ts';
import { FEW_CLIENTS, MANY_CLIENTS } from './read-way.ts';
import { SequenceAxis } from './sequence-axis.tsx';
import { SequenceBar } from './sequence-bar.tsx';
import { SequenceFoot } from './sequence-foot.tsx';
import { type SequenceModel, SequenceSource } from './sequence-source.ts';
import './sequence.css';

const AXIS_PX = 68;
const THUMBNAIL = { width: 544, height: 240 };

/** The way of the watched message through everyone on it, growing as it happens. */
export function Sequence({ stage, size }: PictureProps) {
  const large = size === 'large';
  const id = useId();
  const scroll = useRef<HTMLDivElement>(null);
  const svg = useRef<SVGSVGElement>(null);
  const nowLine = useRef<HTMLDivElement>(null);
  const room = useRef({ width: 0, height: 0 });
  const drawnY = useRef(0);
  const [source] = useState(() => new SequenceSource(stage));
  const [toScale, setToScale] = useState(false);
  const [maxClients, setMaxClients] = useState(FEW_CLIENTS);
  const [showsMermaid, setShowsMermaid] = useState(false);
  const [hovered] = useState(() => new Value<number | null>(null));
  const hop = useValue(stage.hop);

  const [model, touch] = useModelPicture({
    stage,
    size,
    box: scroll,
    resize: ({ width, height }) => {
      room.current = { width: width - AXIS_PX - 4, height: height - 78 };
    },
    update: (nowMs) => source.update({ ...(large ? room.current : THUMBNAIL), toScale, maxClients }, nowMs),
    modelOf: () => source.model,
    place: ({ layout }) => {
      const y = layout.yOf(stage.store.timeUs);
      for (const clip of svg.current?.querySelectorAll('[data-clip]') ?? [])
        clip.setAttribute('height', String(y + 20));
      if (nowLine.current !== null) nowLine.current.style.transform = `translateY(${y}px)`;
      const outer = scroll.current;
      // The picture follows the clock for whoever had it in view.
      if (large && outer !== null && y > drawnY.current) {
        const bottom = outer.scrollTop + outer.clientHeight - 90;
        if (y > bottom && drawnY.current <= bottom + 40) outer.scrollTop += y - bottom;
      }
      drawnY.current = y;
    },
  });
  // What breaks a promise comes into view as soon as it is drawn.
  const broken = model?.strong == null ? 0 : model.strong.size;
  useEffect(() => {
    // Whoever looks at a step stays there.
    if (broken > 0 && stage.hop.current === null)
      svg.current?.querySelector('.sequence-arrow.is-strong')?.scrollIntoView({ block: 'center' });
  }, [broken, stage]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another option has to be drawn at once
  useEffect(touch, [touch, toScale, maxClients]);

  const rowOf = (event: MouseEvent): number | null => {
    const row = (event.target as Element).closest('[data-row]')?.getAttribute('data-row');
    return row == null ? null : Number(row);
  };

  const selectedStep = hop === null || model === null ? null : standInOf(model, hop);
  const passage = model === null || !large ? null : passageAt(model, selectedStep);
  const arrow = model?.layout.arrows.find(({ rowId }) => rowId === selectedStep);
  // A step that was selected elsewhere comes into view.
  useEffect(() => {
    if (selectedStep !== null)
      svg.current?.querySelector(`[data-row="${selectedStep}"]`)?.scrollIntoView({ block: 'nearest' });
  }, [selectedStep]);
  const beside = model === null || selectedStep === null ? NONE : besideOf(model, selectedStep);

  const onKeyDown = (event: KeyboardEvent) => {
    if (model === null) return;
    const next = nextStep(model, selectedStep, event.key);
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    if (next === null) return;
    stage.hop.set(next);
    svg.current
      ?.querySelector(`[data-row="${next}"]`)
      ?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  };

  if (!large) {
    return (
      <svg
        ref={svg}
        className="sequence-thumbnail sequence-svg"
        viewBox={`0 0 ${model?.layout.width ?? THUMBNAIL.width} ${model?.layout.height ?? THUMBNAIL.height}`}
        preserveAspectRatio="none"
        aria-hidden="true"
      >
        {model !== null && (
          <Drawing
            layout={model.layout}
            id={id}
            small
            strong={model.strong}
            path={model.path}
            selected={null}
            beside={NONE}
          />
        )}
      </svg>
    );
  }
  return (
    <div className="sequence">
      <SequenceBar
        stage={stage}
        model={model}
        toScale={toScale}
        onToScale={setToScale}
        showsMermaid={showsMermaid}
        onShowsMermaid={setShowsMermaid}
      />
      <WitnessNote stage={stage} hint="Select an arrow to choose otherwise." />
      <div className={`sequence-split${showsMermaid ? ' with-mermaid' : ''}`}>
        <div className="sequence-frame">
          <div className="sequence-scroll" ref={scroll} data-saved>
            {model === null ? (
              <NothingYet stage={stage} />
            ) : (
              <div className="sequence-sheet" style={{ width: AXIS_PX + model.layout.width }}>
                <LaneHeads
                  stage={stage}
                  model={model}
                  axisPx={AXIS_PX}
                  toScale={toScale}
                  isExpanded={maxClients > FEW_CLIENTS}
                  onExpand={(all) => setMaxClients(all ? MANY_CLIENTS : FEW_CLIENTS)}
                />
                <div className="sequence-body" style={{ height: model.layout.height }}>
                  <SequenceAxis layout={model.layout} beginUs={model.way.beginUs} width={AXIS_PX} />
                  {/* biome-ignore lint/a11y/useKeyWithClickEvents: the step cursor beside it has the keys */}
                  <svg
                    ref={svg}
                    className="sequence-svg"
                    width={model.layout.width}
                    height={model.layout.height}
                    role="img"
                    aria-label="The way of the message as a sequence diagram; the same in numbers under: in words"
                    onClick={(event) => {
                      const row = rowOf(event);
                      if (row !== null) stage.hop.set(row);
                    }}
                    onMouseOver={(event) => hovered.set(rowOf(event))}
                    onMouseLeave={() => hovered.set(null)}
                    onFocus={() => hovered.set(null)}
                  >
                    <Drawing
                      layout={model.layout}
                      id={id}
                      small={false}
                      strong={model.strong}
                      path={model.path}
                      selected={selectedStep}
                      beside={beside}
                    />
                    {passage !== null && arrow !== undefined && (
                      <DragEnd
                        layout={model.layout}
                        arrow={arrow}
                        passage={passage}
                        onChoose={(takesUs) => chooseOtherwise(stage, passage, 'takes', takesUs)}
                      />
                    )}
                  </svg>
                  <div className="sequence-now" ref={nowLine} aria-hidden="true">
                    <span>now</span>
                  </div>
                </div>
              </div>
            )}
          </div>
          {model !== null && (
            <div
              className="sequence-cursor"
              role="application"
              // biome-ignore lint/a11y/noNoninteractiveTabindex: an application takes the keys itself
              tabIndex={0}
              onKeyDown={onKeyDown}
              data-owns-arrows
              aria-label="Steps of the message: down and up go from step to step, c and left to the cause, v and right to the consequence"
            />
          )}
        </div>
        {showsMermaid && model !== null && <MermaidBeside stage={stage} model={model} />}
      </div>
      {passage !== null && model !== null && (
        <ChooseOtherwise
          key={`${passage.decidedRow} ${passage.takesUs}`}
          stage={stage}
          info={model.info}
          passage={passage}
        />
      )}
      <SequenceFoot model={model} selected={selectedStep} hovered={hovered} />
    </div>
  );
}

const NONE: ReadonlySet<number> = new Set();

function NothingYet({ stage }: { readonly stage: PictureProps['stage'] }) {
  const selection = useValue(stage.selection);
  const isWatching = selection !== null && selection.kind !== 'station';
  return (
    <p className="sequence-nothing">
      {isWatching
        ? 'No message of what is selected is in the trace yet. It is watched from now on: let the clock run.'
        : 'No message is watched yet. Let the clock run, or select a user or a channel: their messages are watched from then on.'}
    </p>
  );
}

/** The step that stands for a row of the trace, if it is one of this picture. */
function standInOf({ way, graph }: SequenceModel, rowId: number): number | null {
  const index = way.rows.findIndex((row) => row.id === rowId);
  return way.rows[index < 0 ? -1 : graph.standIn(index)]?.id ?? null;
}

function besideOf({ way, graph }: SequenceModel, rowId: number): ReadonlySet<number> {
  const index = way.rows.findIndex((row) => row.id === rowId);
  const cause = graph.causeOf(index);
  const of = [...(cause < 0 ? [] : [cause]), ...graph.consequencesOf(index)];
  return new Set(of.map((row) => way.rows[row]!.id));
}

/** Where a key goes from a step: undefined when it is no key of this picture, null when there is nothing there. */
function nextStep(model: SequenceModel, from: number | null, key: string): number | null | undefined {
  const { way, graph, words } = model;
  const listed = words
    .map(({ rowId }) => rowId)
    .filter((rowId, i, all) => rowId >= 0 && all.indexOf(rowId) === i);
  const at = from === null ? -1 : listed.indexOf(from);
  const index = way.rows.findIndex((row) => row.id === from);
  switch (key) {
    case 'ArrowDown':
      return listed[at + 1] ?? null;
    case 'ArrowUp':
      return at < 0 ? (listed.at(-1) ?? null) : (listed[at - 1] ?? null);
    case 'Home':
      return listed[0] ?? null;
    case 'End':
      return listed.at(-1) ?? null;
    case 'ArrowLeft':
    case 'c':
      return index < 0 ? (listed[0] ?? null) : (way.rows[graph.causeOf(index)]?.id ?? null);
    case 'ArrowRight':
    case 'v':
      return index < 0 ? (listed[0] ?? null) : (way.rows[graph.consequencesOf(index)[0] ?? -1]?.id ?? null);
    default:
      return undefined;
  }
}
