/**
 * fanout/kernel: a deterministic discrete-event kernel. All state of a world lies in one ArrayBuffer, so it can be copied, rewound, forked
 * and hashed; choices are asked for by name, so a changed setting shifts nothing.
 *
 * @packageDocumentation
 */
export {
  type Column,
  type ColumnArrays,
  type ColumnGroup,
  type ColumnType,
  columns,
  f64,
  fixed,
  i32,
  type Opened,
  u8,
  u32,
} from '../base/columns.ts';
export { CapacityError, UserError } from '../base/errors.ts';
export { below, type Choices, seededChoices, unit } from '../kernel/choices.ts';
export {
  createDuration,
  createZipf,
  type Draw,
  type DurationSpec,
} from '../kernel/distributions.ts';
export {
  type EventHandler,
  type EventList,
  type EventListColumns,
  type EventListGroup,
  type EventListSizes,
  type EventReader,
  eventListColumns,
  openEventList,
} from '../kernel/event-list.ts';
export { createSnapshots, type Snapshots } from '../kernel/snapshots.ts';
export {
  createWorld,
  forkWorld,
  hashWorld,
  openColumns,
  restoreSnapshot,
  type Snapshot,
  takeSnapshot,
  type World,
} from '../kernel/world.ts';
