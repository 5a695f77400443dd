import { type KeyboardEvent, type MouseEvent, useId, useRef, useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { counted, groupDigits } from '../../base/text.ts';
import { formatDuration } from '../../base/units.ts';
import { USER_NODE } from '../../worker/protocol.ts';
import { channelName, nodeName } from '../names.ts';
import type { PictureProps } from '../stage.ts';
import { useValue } from '../store/value.ts';
import { useModelPicture } from '../use-picture.ts';
import { WitnessNote } from '../witness-note.tsx';
import { countWords, keyWords, verdictWords } from './describe.ts';
import { DotSign, Drawing } from './drawing.tsx';
import { nextDot } from './next-dot.ts';
import { type SpaceTimeModel, SpaceTimeSource } from './space-time-source.ts';
import '../sequence/sequence.css';
import './space-time.css';

const THUMBNAIL = { width: 480, height: 200 };
const AXIS_PX = 30;

/** The messages of one channel, in the order in which each member was shown them. */
export function SpaceTime({ stage, size }: PictureProps) {
  const large = size === 'large';
  const id = useId();
  const scroll = useRef<HTMLDivElement>(null);
  const svg = useRef<SVGSVGElement>(null);
  const nowLine = useRef<HTMLDivElement>(null);
  const room = useRef({ width: 0, height: 0 });
  const drawnX = useRef(0);
  const [source] = useState(() => new SpaceTimeSource(stage));
  const hop = useValue(stage.hop);

  const [model] = useModelPicture({
    stage,
    size,
    box: scroll,
    resize: ({ width, height }, outer) => {
      const names = outer.querySelector('.space-names')?.clientWidth ?? 0;
      room.current = { width: width - names - 4, height: height - AXIS_PX - 4 };
    },
    update: (nowMs) => source.update(large ? room.current : THUMBNAIL, nowMs),
    modelOf: () => source.model,
    place: ({ layout }) => {
      const x = Math.min(layout.width - 2, layout.xOf(stage.store.timeUs));
      svg.current?.querySelector('[data-clip]')?.setAttribute('width', String(x + 28));
      if (nowLine.current !== null) nowLine.current.style.transform = `translateX(${x}px)`;
      const outer = scroll.current;
      // The picture follows the clock for whoever had it in view.
      if (large && outer !== null && x > drawnX.current) {
        const right = outer.scrollLeft + room.current.width - 24;
        if (x > right && drawnX.current <= right + 60) outer.scrollLeft += x - right;
      }
      drawnX.current = x;
    },
  });

  if (!large) {
    return (
      <svg
        ref={svg}
        className="sequence-thumbnail"
        viewBox={`0 0 ${model?.layout.width ?? THUMBNAIL.width} ${model?.layout.height ?? THUMBNAIL.height}`}
        preserveAspectRatio="none"
        aria-hidden="true"
      >
        {model !== null && (
          <Drawing layout={model.layout} id={id} small strong={model.strong} selected={null} />
        )}
      </svg>
    );
  }

  const onClick = (event: MouseEvent) => {
    const row = (event.target as Element).closest('[data-row]')?.getAttribute('data-row');
    if (row != null) stage.hop.set(Number(row));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const next = model === null ? undefined : nextDot(model.layout, hop, event.key);
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    if (next === null) return;
    stage.hop.set(next);
    svg.current
      ?.querySelector(`[data-row="${next}"]`)
      ?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  };
  return (
    <div className="space-time">
      <WitnessNote stage={stage} />
      {model !== null && <Head model={model} />}
      {/* biome-ignore lint/a11y/useSemanticElements: two worlds have one each, so it is no landmark */}
      <section
        className="space-scroll"
        role="group"
        data-saved
        ref={scroll}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        tabIndex={0}
        data-owns-arrows
        onKeyDown={onKeyDown}
        aria-label="Messages by member and time: left and right go along a member, up and down to the same message at another"
      >
        {model === null ? (
          <p className="sequence-nothing">
            No message of a channel is traced yet. Let the clock run, or select a channel or a user: their
            messages are watched from then on.
          </p>
        ) : (
          <div className="space-sheet">
            <div className="space-names">
              {model.layout.rows.map(({ node, y }) => (
                <Button
                  key={node}
                  className="space-name"
                  style={{ top: AXIS_PX + y - 14 }}
                  onPress={() => stage.select({ kind: 'user', user: node - USER_NODE })}
                >
                  {nodeName(model.info, node)}
                </Button>
              ))}
            </div>
            <div className="space-body">
              <Axis model={model} />
              {/* biome-ignore lint/a11y/useKeyWithClickEvents: the region around it has the keys */}
              <svg
                ref={svg}
                width={model.layout.width}
                height={model.layout.height}
                role="img"
                aria-label="The order in which each member was shown the messages; the same in numbers under: in words"
                onClick={onClick}
              >
                <Drawing layout={model.layout} id={id} small={false} strong={model.strong} selected={hop} />
              </svg>
              <div className="space-now" ref={nowLine} aria-hidden="true" style={{ top: AXIS_PX }} />
            </div>
          </div>
        )}
      </section>
      <Legend model={model} />
    </div>
  );
}

/** The channel, whether all members agree, and what happened beside. */
function Head({ model: { info, history, layout } }: { readonly model: SpaceTimeModel }) {
  const { disagreements } = layout;
  const beside = countWords(history);
  const all = info.channelMembers?.[history.channel];
  const isSample = all !== undefined && history.members.length < all;
  return (
    <div className="space-head" data-saved>
      <p>
        <strong>{channelName(info, history.channel)}</strong>{' '}
        <span className={disagreements.length > 0 ? 'space-verdict is-broken' : 'space-verdict'}>
          {verdictWords(info, history, disagreements)}
        </span>
      </p>
      <p className="quiet">
        {keyWords(info, history)}
        {history.messagesLeftOut > 0 && `; ${groupDigits(history.messagesLeftOut)} more messages not drawn`}
        {isSample &&
          `; ${groupDigits(history.members.length)} of ${groupDigits(all ?? 0)} members are in the trace`}
        {layout.membersLeftOut > 0 && `; ${counted(layout.membersLeftOut, 'more member')} not drawn`}
        {beside !== '' && `. ${beside.slice(0, 1).toUpperCase()}${beside.slice(1)}`}.
      </p>
    </div>
  );
}

function Axis({ model: { layout, history } }: { readonly model: SpaceTimeModel }) {
  const beginUs = history.messages[0]?.sentUs ?? 0;
  return (
    <svg className="space-axis" width={layout.width} height={AXIS_PX} aria-hidden="true">
      <path className="axis-line" d={`M0 ${AXIS_PX - 1}H${layout.width}`} />
      {layout.time.shortened.map(({ fromUs, toUs }) => {
        const x = (layout.xOf(fromUs) + layout.xOf(toUs)) / 2;
        return <path key={fromUs} className="axis-gap" d={`M${x - 9} ${AXIS_PX - 4}h3l2-4 4 8 4-8 2 4h3`} />;
      })}
      {layout.ticks.map(({ timeUs, x }) => (
        <g key={timeUs}>
          <path className="axis-tick" d={`M${x} ${AXIS_PX - 5}v5`} />
          <text x={x} y={12}>
            {timeUs === beginUs ? '0' : `+${formatDuration(timeUs - beginUs)}`}
          </text>
        </g>
      ))}
    </svg>
  );
}

const SIGNS = [
  ['sent', 'sent by this member'],
  ['shown', 'shown'],
  ['from-history', 'shown from the history'],
  ['duplicate', 'duplicate caught'],
  ['lost', 'lost'],
] as const;

function Legend({ model }: { readonly model: SpaceTimeModel | null }) {
  return (
    <ul className="space-legend quiet" data-saved aria-label="What the signs mean">
      {SIGNS.map(([kind, words]) => (
        <li key={kind}>
          <svg viewBox="0 0 14 14" width="14" height="14" aria-hidden="true">
            <DotSign dot={{ kind, x: 7, y: 7, rowId: -1 }} className="" />
          </svg>
          {words}
        </li>
      ))}
      <li>
        <svg viewBox="0 0 22 14" width="22" height="14" aria-hidden="true">
          <rect className="space-wait" x="1" y="4" width="20" height="5" />
          <path d="M3 6.5h18" stroke="var(--text)" strokeWidth="2" strokeDasharray="2 2" />
        </svg>
        waits in the reorder buffer
      </li>
      <li>
        <svg viewBox="0 0 16 14" width="16" height="14" aria-hidden="true">
          <circle className="space-crossing" cx="8" cy="7" r="6" />
        </svg>
        crossing: opposite order
      </li>
      <li>
        <svg viewBox="0 0 18 14" width="18" height="14" aria-hidden="true">
          <path className="space-line passes" d="M1 7h16" />
        </svg>
        passes a member who was not shown it
      </li>
      {model !== null && model.layout.time.shortened.length > 0 && <li>Long gaps in time are shortened.</li>}
    </ul>
  );
}
