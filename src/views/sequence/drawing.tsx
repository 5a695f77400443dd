import { memo } from 'react';
import type { SequenceBar } from './bars.ts';
import type { Lane, SequenceArrow, SequenceLayout } from './layout.ts';
import { NEVER_SHOWN, type SequenceMark } from './marks.ts';

export interface DrawingProps {
  readonly layout: SequenceLayout;
  /** Prefix of ids that are referred to. */
  readonly id: string;
  readonly small: boolean;
  /** Rows of the witness, and those that led to them; null when none is looked at. */
  readonly strong: ReadonlySet<number> | null;
  readonly path: ReadonlySet<number> | null;
  /** The row that is looked at, its cause and its consequences. */
  readonly selected: number | null;
  readonly beside: ReadonlySet<number>;
}

const BAR = 7;
const HEAD = 6;

/** The marks of a sequence diagram as SVG. What the clock has not reached is cut off by the clip path, which the redraw moves. */
export const Drawing = memo(function Drawing(props: DrawingProps) {
  const { layout, id, small } = props;
  return (
    <>
      <defs>
        <clipPath id={`${id}past`}>
          <rect x={-20} y={-20} width={layout.width + 40} height={layout.height + 40} data-clip />
        </clipPath>
        <pattern id={`${id}queue`} width="5" height="5" patternUnits="userSpaceOnUse">
          <path d="M-1 1l2-2M0 5l5-5M4 6l2-2" stroke="var(--text)" strokeWidth="1" />
        </pattern>
        <pattern id={`${id}held`} width="4" height="4" patternUnits="userSpaceOnUse">
          <circle cx="2" cy="2" r="1.1" fill="var(--text)" />
        </pattern>
      </defs>
      {layout.lanes.map((lane) => (
        <LaneLine key={lane.node} lane={lane} height={layout.height} />
      ))}
      <g clipPath={`url(#${id}past)`}>
        {layout.downs.map((down) => (
          <g key={`${down.x} ${down.fromY}`} className="sequence-down">
            <rect x={down.x - 6} y={down.fromY} width={12} height={down.toY - down.fromY} />
            <path d={`M${down.x} ${down.fromY}V${down.toY}`} />
          </g>
        ))}
        {layout.bars.map((bar) => (
          <Bar key={`${bar.kind} ${bar.rowId}`} bar={bar} {...props} />
        ))}
      </g>
      {layout.arrows
        .filter((arrow) => arrow.outcome === 'under-way')
        .map((arrow) => (
          <path key={arrow.rowId} className="sequence-planned" d={lineOf(arrow)} />
        ))}
      <g clipPath={`url(#${id}past)`}>
        {layout.arrows.map((arrow) => (
          <Arrow key={arrow.rowId} arrow={arrow} {...props} />
        ))}
        {layout.marks.map((mark) => (
          <Mark key={`${mark.rowId} ${mark.node} ${mark.y} ${mark.text}`} mark={mark} {...props} />
        ))}
      </g>
      {!small && (
        <g className="sequence-texts">
          {layout.arrows.map((arrow) => (
            <Words key={arrow.rowId} rowId={arrow.rowId} of={arrow} tone={toneOf(arrow)} {...props} />
          ))}
          {layout.marks.map((mark) => (
            <Words
              key={`${mark.rowId} ${mark.node} ${mark.y} ${mark.text}`}
              rowId={mark.rowId}
              of={mark}
              tone={mark.sign}
              {...props}
            />
          ))}
        </g>
      )}
    </>
  );
});

function LaneLine({ lane, height }: { readonly lane: Lane; readonly height: number }) {
  return <path className={`sequence-lane lane-${lane.kind}`} d={`M${lane.x} 0V${height}`} />;
}

const toneOf = (arrow: SequenceArrow): string => (arrow.outcome === 'lost' ? 'bad' : 'plain');

/** How much a row matters now. */
function emphasisOf(rowId: number, { strong, path, selected, beside }: DrawingProps): string {
  const isStrong = strong !== null && (strong.has(rowId) || rowId === NEVER_SHOWN);
  const of =
    strong === null ? '' : isStrong ? ' is-strong' : path?.has(rowId) === true ? ' is-path' : ' is-faint';
  return `${of}${rowId === selected ? ' is-selected' : beside.has(rowId) ? ' is-beside' : ''}`;
}

const lineOf = ({ fromX, fromY, toX, toY }: SequenceArrow): string => `M${fromX} ${fromY}L${toX} ${toY}`;

function Arrow({ arrow, ...props }: DrawingProps & { readonly arrow: SequenceArrow }) {
  const { fromX, fromY, toX, toY, lastY, outcome } = arrow;
  const side = toX >= fromX ? 1 : -1;
  const length = Math.hypot(toX - fromX, toY - fromY) || 1;
  const [dx, dy] = [(toX - fromX) / length, (toY - fromY) / length];
  const lost = outcome === 'lost';
  // A loss ends before the lane: it never got there.
  const [endX, endY] = lost ? [toX - 14 * dx, toY - 14 * dy] : [toX - 1.5 * side, toY];
  const kinds = `${arrow.isAnswer ? ' is-answer' : ''}${lost ? ' is-lost' : ''}${arrow.isRetry ? ' is-retry' : ''}${arrow.isCopy ? ' is-copy' : ''}`;
  return (
    <g className={`sequence-arrow${kinds}${emphasisOf(arrow.rowId, props)}`} data-row={arrow.rowId}>
      <path className="sequence-target" d={lineOf(arrow)} />
      {lastY > toY && <path className="sequence-fan" d={`M${fromX} ${fromY}L${toX} ${toY}V${lastY}Z`} />}
      <path className="sequence-line" d={`M${fromX} ${fromY}L${endX} ${endY}`} />
      {lost ? (
        <path className="sequence-cross" d={crossAt(endX, endY)} />
      ) : (
        outcome === 'arrived' && (
          <path className="sequence-head" d={headAt(endX, endY, dx, dy, arrow.isAnswer)} />
        )
      )}
      {arrow.isRetry && <circle className="sequence-retry" cx={fromX} cy={fromY} r={3.5} />}
    </g>
  );
}

const crossAt = (x: number, y: number, r = 5): string =>
  `M${x - r} ${y - r}l${2 * r} ${2 * r}M${x + r} ${y - r}l${-2 * r} ${2 * r}`;

/** A call ends in a full head, an answer in an open one. */
function headAt(x: number, y: number, dx: number, dy: number, open: boolean): string {
  const [backX, backY] = [x - HEAD * dx, y - HEAD * dy];
  const [a, b] = [
    `${backX - 0.55 * HEAD * dy} ${backY + 0.55 * HEAD * dx}`,
    `${backX + 0.55 * HEAD * dy} ${backY - 0.55 * HEAD * dx}`,
  ];
  return open ? `M${a}L${x} ${y}L${b}` : `M${a}L${x} ${y}L${b}Z`;
}

function Bar({ bar, layout, id, ...props }: DrawingProps & { readonly bar: SequenceBar }) {
  const from = layout.yOf(bar.startUs);
  const to = bar.endUs === null ? layout.height : layout.yOf(bar.endUs);
  const height = Math.max(4, to - from);
  const y = bar.kind === 'queue' ? from : Math.min(from, to - 2);
  const kind = layout.lanes.find((lane) => lane.node === bar.node)?.kind ?? 'unknown';
  const fill =
    bar.kind === 'queue' ? `url(#${id}queue)` : bar.kind === 'reorder-buffer' ? `url(#${id}held)` : undefined;
  return (
    <rect
      className={`sequence-bar bar-${bar.kind} lane-${kind}${emphasisOf(bar.rowId, { layout, id, ...props })}`}
      data-row={bar.rowId}
      x={bar.x - BAR / 2}
      y={y}
      width={BAR}
      height={height}
      {...(fill === undefined ? {} : { style: { fill } })}
    />
  );
}

function Mark({ mark, ...props }: DrawingProps & { readonly mark: SequenceMark }) {
  const { x, y, sign } = mark;
  return (
    <g
      className={`sequence-mark mark-${sign}${emphasisOf(mark.rowId, props)}`}
      {...(mark.rowId < 0 ? {} : { 'data-row': mark.rowId })}
    >
      {sign === 'bad' ? (
        <path className="sequence-cross" d={crossAt(x, y)} />
      ) : sign === 'good' ? (
        <circle cx={x} cy={y} r={4.5} />
      ) : (
        mark.rowId >= 0 && <rect x={x - 3} y={y - 3} width={6} height={6} />
      )}
    </g>
  );
}

interface WordsProps extends DrawingProps {
  readonly rowId: number;
  readonly of: Pick<SequenceArrow | SequenceMark, 'place' | 'text'>;
  readonly tone: string;
}

function Words({ rowId, of: { place, text }, tone, ...props }: WordsProps) {
  if (place === null) return null;
  return (
    <text
      className={`sequence-text tone-${tone}${emphasisOf(rowId, props)}`}
      x={place.x}
      y={place.y}
      textAnchor={place.anchor}
      {...(rowId < 0 ? {} : { 'data-row': rowId })}
    >
      {text}
    </text>
  );
}
