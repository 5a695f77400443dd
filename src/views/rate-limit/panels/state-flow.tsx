import { useEffect, useId, useRef, useState } from 'react';
import { Group } from 'react-aria-components/Group';
import { STATE_FLOWS } from '../../../algorithms/rate-limit/states.ts';
import { usePicked, useValue } from '../../store/value.ts';
import { arrowWords, layoutFlow } from '../drawing/flow-layout.ts';
import { boundOf } from '../drawing/visible.ts';
import type { RateLab } from '../model/rate-lab.ts';
import { ALGORITHM_NAMES, requestName } from '../model/words.ts';
import { useGame } from './prediction-panel.tsx';

const LINE = 14;

/** The state flow of the chosen limiter, with the state that it is in and the arrow that the request takes. */
export function StateFlowPicture({ lab }: { readonly lab: RateLab }) {
  const { chosen } = useValue(lab.timeline);
  const { before, after, taken, request } = usePicked(lab.said, (of) => of);
  const { shown } = useGame(lab);
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(800);
  const head = useId().replaceAll(/[^\w]/g, '');
  useEffect(() => {
    const outer = box.current;
    if (outer === null) return;
    const observer = new ResizeObserver(() => setWidth(Math.max(240, outer.clientWidth)));
    observer.observe(outer);
    return () => observer.disconnect();
  }, []);
  const flow = STATE_FLOWS[chosen.algorithm];
  const layout = layoutFlow(flow, boundOf(chosen), Math.min(width, 900));
  const hidden = request !== null && request >= shown;
  const arrow = hidden ? null : taken;
  const here = hidden ? before : after;
  const labelOf = (id: string): string => flow.states.find((state) => state.id === id)?.label ?? id;
  const words =
    arrow === null || request === null
      ? `Now: ${labelOf(here)}.`
      : `${requestName(request)} finds: ${labelOf(before)}; ${arrowWords(arrow)}; then: ${labelOf(after)}.`;
  return (
    <Group className="rate-flow" aria-label="State flow">
      <h3>
        {ALGORITHM_NAMES[chosen.algorithm]}: state flow <span className="quiet">{words}</span>
      </h3>
      <div ref={box}>
        <svg
          width={layout.width}
          height={layout.height}
          role="img"
          aria-label={`Three states with requests and time as arrows. ${words}`}
          fontSize="12"
        >
          <defs>
            {['quiet', 'text', 'accent'].map((kind) => (
              <marker
                key={kind}
                id={`${head}-${kind}`}
                viewBox="0 0 8 8"
                refX="7"
                refY="4"
                markerWidth="8"
                markerHeight="8"
                markerUnits="userSpaceOnUse"
                orient="auto-start-reverse"
              >
                <path d="M0,0.5L8,4L0,7.5Z" className={`flow-head-${kind}`} />
              </marker>
            ))}
          </defs>
          {layout.arrows.map(({ transition, path, labelX, labelY, lines, number }) => {
            const isTaken = transition === arrow;
            const kind = isTaken ? 'accent' : transition.on === 'time' ? 'quiet' : 'text';
            return (
              <g key={number} className={`flow-arrow flow-${kind}`}>
                <path
                  d={path}
                  markerEnd={`url(#${head}-${kind})`}
                  strokeDasharray={transition.on === 'time' ? '4 3' : undefined}
                />
                <text x={labelX} y={labelY} textAnchor="middle">
                  {lines.map((line, i) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: a line of a text
                    <tspan key={i} x={labelX} dy={i === 0 ? 0 : LINE}>
                      {line}
                    </tspan>
                  ))}
                </text>
              </g>
            );
          })}
          {layout.boxes.map(({ id, label, x, y, width: w, height: h }) => (
            <g
              key={id}
              className="flow-state"
              data-here={id === here || undefined}
              data-found={(arrow !== null && id === before) || undefined}
            >
              <rect x={x} y={y} width={w} height={h} rx="8" />
              <text x={x + w / 2} y={y + h / 2 + 4 - (LINE * (label.length - 1)) / 2} textAnchor="middle">
                {label.map((line, i) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: a line of a text
                  <tspan key={i} x={x + w / 2} dy={i === 0 ? 0 : LINE}>
                    {line}
                  </tspan>
                ))}
              </text>
            </g>
          ))}
        </svg>
      </div>
      {layout.numbered && (
        <ol className="flow-words">
          {layout.arrows.map(({ transition, number }) => (
            <li key={number} data-taken={transition === arrow || undefined}>
              {arrowWords(transition)}
            </li>
          ))}
        </ol>
      )}
    </Group>
  );
}
