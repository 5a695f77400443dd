import { formatCount, formatDuration } from '../../base/units.ts';
import type { Palette } from '../palette.ts';
import type { CurveField } from '../store/curve-columns.ts';

interface Line {
  readonly field: CurveField;
  readonly label: string;
  readonly colour: (palette: Palette) => string;
  /** So that two lines of one plot are told apart without their colours. */
  readonly dashed: boolean;
}

export interface Plot {
  readonly id: string;
  readonly title: string;
  readonly means: string;
  readonly lines: readonly Line[];
  readonly scale: 'linear' | 'log';
  readonly format: (value: number) => string;
}

const first = (palette: Palette): string => palette.first;
const second = (palette: Palette): string => palette.second;
const perSecond = (value: number): string => `${formatCount(value)}/s`;

/** The small multiples, from top to bottom. */
export const PLOTS: readonly Plot[] = [
  {
    id: 'sends',
    title: 'sent',
    means: 'Messages that clients put on the wire, in each second of virtual time.',
    lines: [{ field: 'sendsPerSecond', label: 'sent', colour: first, dashed: false }],
    scale: 'linear',
    format: perSecond,
  },
  {
    id: 'deliveries',
    title: 'delivered',
    means:
      'Messages shown to a member, in each second of virtual time: one message to a channel of 50 counts 49 times.',
    lines: [{ field: 'deliveriesPerSecond', label: 'delivered', colour: first, dashed: false }],
    scale: 'linear',
    format: perSecond,
  },
  {
    id: 'latency',
    title: 'from send to shown',
    means:
      'How long a delivery takes. Half of them are faster than p50; one in a hundred is slower than p99.',
    lines: [
      { field: 'p50Us', label: 'p50', colour: first, dashed: false },
      { field: 'p99Us', label: 'p99', colour: second, dashed: true },
    ],
    scale: 'log',
    format: formatDuration,
  },
  {
    id: 'connections',
    title: 'connections',
    means: 'Users with an open connection to a server.',
    lines: [{ field: 'connections', label: 'connections', colour: first, dashed: false }],
    scale: 'linear',
    format: formatCount,
  },
  {
    id: 'trouble',
    title: 'refused and dropped',
    means:
      'Requests refused by a limit or a full queue, and messages lost on the way, in each second of virtual time.',
    lines: [
      { field: 'refusalsPerSecond', label: 'refused', colour: first, dashed: false },
      { field: 'dropsPerSecond', label: 'dropped', colour: second, dashed: true },
    ],
    scale: 'linear',
    format: perSecond,
  },
];
