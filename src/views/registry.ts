import { type ComponentType, type LazyExoticComponent, lazy } from 'react';
import { Crowd } from './crowd/crowd.tsx';
import { CrowdText } from './crowd/crowd-text.tsx';
import { Curves } from './curves/curves.tsx';
import { CurvesText } from './curves/curves-text.tsx';
import type { Table } from './save/table.ts';
import type { PictureProps, Stage } from './stage.ts';

/** A picture: how it is drawn, how it is said in words, and what it is good for. */
export interface ViewDefinition {
  /** In the address: letters and hyphens. */
  readonly id: string;
  readonly name: string;
  /** The sentence that a student should be able to say after five seconds. */
  readonly shows: string;
  readonly Picture: ComponentType<PictureProps> | LazyExoticComponent<ComponentType<PictureProps>>;
  /** The same content as text: for screen readers, and for whoever wants numbers. */
  readonly Words:
    | ComponentType<{ readonly stage: Stage }>
    | LazyExoticComponent<ComponentType<{ readonly stage: Stage }>>;
  /** The data behind it, for a file; loaded when asked for. */
  readonly loadTable: () => Promise<(stage: Stage) => Table>;
  /** It has something to show when no scenario is open. */
  readonly standsAlone?: boolean;
}

/**
 * All pictures, in the order of their keys 1, 2, 3, ... To add one: copy the folder `skeleton`, and name it here. A picture that is large or
 * brings a library of its own is given as `lazy(() => import('./x/x.tsx'))`.
 */
export const VIEWS: readonly ViewDefinition[] = [
  {
    id: 'crowd',
    name: 'Crowd',
    shows: 'Every dot is a user, in the block of its server.',
    Picture: Crowd,
    Words: CrowdText,
    loadTable: async () => (await import('./crowd/crowd-table.ts')).crowdTable,
  },
  {
    id: 'fan-out',
    name: 'Fan-out',
    shows: 'The sender’s server tells pub/sub once; pub/sub tells every server that has a member.',
    Picture: lazy(async () => ({ default: (await import('./fan-out/fan-out.tsx')).FanOut })),
    Words: lazy(async () => ({ default: (await import('./fan-out/fan-out-text.tsx')).FanOutText })),
    loadTable: async () => (await import('./fan-out/fan-table.ts')).fanTable,
  },
  {
    id: 'sequence',
    name: 'Sequence',
    shows: 'The way of one message, from hop to hop, with what it waited for and where it was lost.',
    Picture: lazy(async () => ({ default: (await import('./sequence/sequence.tsx')).Sequence })),
    Words: lazy(async () => ({ default: (await import('./sequence/sequence-text.tsx')).SequenceText })),
    loadTable: async () => (await import('./sequence/sequence-table.ts')).sequenceTable,
  },
  {
    id: 'rate-limit',
    name: 'Rate limit',
    shows: 'Refused while the window is full; allowed once one has slid out.',
    Picture: lazy(async () => ({ default: (await import('./rate-limit/rate-limit.tsx')).RateLimit })),
    Words: lazy(async () => ({
      default: (await import('./rate-limit/panels/rate-limit-text.tsx')).RateLimitText,
    })),
    loadTable: async () => (await import('./rate-limit/model/rate-table.ts')).rateTable,
    standsAlone: true,
  },
  {
    id: 'space-time',
    name: 'Space-time',
    shows:
      'The messages of a channel in the order each member was shown them; where lines cross, two disagree.',
    Picture: lazy(async () => ({ default: (await import('./space-time/space-time.tsx')).SpaceTime })),
    Words: lazy(async () => ({ default: (await import('./space-time/space-time-text.tsx')).SpaceTimeText })),
    loadTable: async () => (await import('./space-time/space-time-table.ts')).spaceTimeTable,
  },
  {
    id: 'curves',
    name: 'Curves',
    shows: 'Rates, latency and connections over virtual time.',
    Picture: Curves,
    Words: CurvesText,
    loadTable: async () => (await import('./curves/curves-table.ts')).curvesTable,
  },
];

export const viewById = (id: string | null): ViewDefinition =>
  VIEWS.find((view) => view.id === id) ?? VIEWS[0]!;
