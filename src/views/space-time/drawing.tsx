import { memo } from 'react';
import type { Dot, SpaceTimeLayout } from './layout.ts';

export interface DrawingProps {
  readonly layout: SpaceTimeLayout;
  /** Prefix of ids that are referred to. */
  readonly id: string;
  readonly small: boolean;
  /** Messages that matter now (by index), or null: all alike. */
  readonly strong: ReadonlySet<number> | null;
  /** The row of the trace that is looked at. */
  readonly selected: number | null;
}

/** The marks of a space-time picture as SVG. What the clock has not reached is cut off by the clip path, which the redraw moves. */
export const Drawing = memo(function Drawing({ layout, id, small, strong, selected }: DrawingProps) {
  const emphasis = (message: number): string =>
    strong === null ? '' : strong.has(message) ? ' is-strong' : ' is-faint';
  return (
    <>
      <defs>
        <clipPath id={`${id}past`}>
          <rect x={-20} y={-20} width={layout.width + 40} height={layout.height + 40} data-clip />
        </clipPath>
        <pattern id={`${id}held`} width="4" height="4" patternUnits="userSpaceOnUse">
          <circle cx="2" cy="2" r="1.1" fill="var(--text)" />
        </pattern>
      </defs>
      {layout.rows.map(({ node, y }) => (
        <path key={node} className="space-row" d={`M0 ${y}H${layout.width}`} />
      ))}
      <g clipPath={`url(#${id}past)`}>
        {layout.waits.map((wait) => (
          <rect
            key={wait.rowId}
            className={`space-wait${emphasis(wait.message)}`}
            data-row={wait.rowId}
            x={wait.fromX}
            y={wait.y - 2}
            width={Math.max(3, wait.toX - wait.fromX)}
            height={5}
            style={{ fill: `url(#${id}held)` }}
          />
        ))}
        {layout.lines.map(({ message, from, to, passes, isCrossed }) => (
          <path
            key={`${message} ${from[1]}`}
            className={`space-line${isCrossed ? ' is-crossed' : ''}${passes ? ' passes' : ''}${emphasis(message)}`}
            d={`M${from[0]} ${from[1]}L${to[0]} ${to[1]}`}
          />
        ))}
        {layout.crossings.map(({ x, y, earlier, later, above }) => {
          const matters = strong === null || (strong.has(earlier) && strong.has(later));
          return (
            <circle
              key={`${earlier} ${later} ${above}`}
              className={`space-crossing${matters ? '' : ' is-faint'}`}
              cx={x}
              cy={y}
              r={6}
            />
          );
        })}
        {layout.dots.map((dot) => (
          <DotSign
            key={`${dot.kind} ${dot.rowId}`}
            dot={dot}
            className={`${emphasis(dot.message)}${dot.rowId === selected ? ' is-selected' : ''}`}
          />
        ))}
        {!small &&
          [...layout.dots, ...layout.waits].map((of) =>
            of.place === null ? null : (
              <text
                key={`text ${of.rowId} ${'kind' in of ? of.kind : 'wait'}`}
                className={`sequence-text${'kind' in of ? '' : ' tone-note'}${emphasis(of.message)}`}
                x={of.place.x}
                y={of.place.y}
                textAnchor={of.place.anchor}
              >
                {'kind' in of ? `m${of.message + 1}` : of.text}
              </text>
            ),
          )}
      </g>
    </>
  );
});

/** One shape a kind: nobody has to tell them by their colours. */
export function DotSign({
  dot: { kind, x, y, rowId },
  className,
}: {
  readonly dot: Pick<Dot, 'kind' | 'x' | 'y' | 'rowId'>;
  readonly className: string;
}) {
  const common = { className: `space-dot dot-${kind}${className}`, 'data-row': rowId };
  switch (kind) {
    case 'from-history':
      return <path {...common} d={`M${x} ${y - 6}l6 6-6 6-6-6z`} />;
    case 'duplicate':
      return <path {...common} d={`M${x - 4} ${y}a4 4 0 1 0 8 0a4 4 0 1 0-8 0M${x - 4} ${y + 4}l8-8`} />;
    case 'lost':
      return <path {...common} d={`M${x - 4} ${y - 4}l8 8M${x + 4} ${y - 4}l-8 8`} />;
    default:
      return <circle {...common} cx={x} cy={y} r={5} />;
  }
}
