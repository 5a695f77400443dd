import {
  BYTES_PER_ELEMENT,
  type Column,
  type ColumnArrays,
  type ColumnGroup,
  type ColumnType,
  columnAt,
  type Opened,
} from '../base/columns.ts';
import { assert, UserError } from '../base/errors.ts';
import { finishHash, hashWords, startHash } from '../base/hash.ts';

/**
 * The world: all mutable state of one run in one ArrayBuffer.
 *
 * Layout: a header of 32-bit words, then the fixed columns (written at set-up, then never again), then all others. A
 * snapshot copies the second part only, so a million users' memberships are not copied at each snapshot.
 *
 * Header words: 0-1 magic 'FANOUT1\0', 2 version, 3 number of columns, 4 bytes of the fixed part, 5 bytes in all, 6 words of the
 * header, 7 unused; then for each column its length and a hash of its name and type.
 */

const MAGIC_0 = 0x4f4e4146; // 'FANO', little endian
const MAGIC_1 = 0x00315455; // 'UT1\0'
const WORLD_VERSION = 1;
const HEADER_WORDS = 8;

interface Place {
  readonly column: Column;
  readonly byteOffset: number;
}

/** All mutable state of one run, in one buffer. */
export interface World {
  readonly buffer: ArrayBuffer;
  /** Where the part begins that snapshots copy. */
  readonly mutableFromByte: number;
  readonly places: ReadonlyMap<string, Place>;
  /** Called after the bytes were replaced (restore): whoever keeps something derived from them makes it anew. */
  readonly reloaders: (() => void)[];
}

/** The bytes of a world that can change, at one moment. */
export interface Snapshot {
  readonly bytes: ArrayBuffer;
}

function hashName(name: string): number {
  let h = 0x811c9dc5; // FNV-1a
  for (let i = 0; i < name.length; i++) h = Math.imul(h ^ name.charCodeAt(i), 0x01000193);
  return h >>> 0;
}

const align = (bytes: number): number => 64 * Math.ceil(bytes / 64);

/** The buffer of so many bytes that is made. Throws UserError when the engine refuses the memory. */
function withMemory(bytes: number, make: () => ArrayBuffer): ArrayBuffer {
  try {
    return make();
  } catch {
    const mebibytes = Math.ceil(bytes / 1024 ** 2);
    throw new UserError(
      `${mebibytes} MiB of memory are needed and not to be had; fewer users, fewer messages or a shorter duration need less`,
    );
  }
}

/** Sizes stand in words of the header. */
export const MAX_WORLD_BYTES = 2 ** 32 - 64;

/** The order and the places of all columns. */
function layoutOf(groups: readonly ColumnGroup[]) {
  const all: [string, Column][] = groups.flatMap((g) =>
    Object.entries(g.columns).map(([name, of]): [string, Column] => [`${g.name}.${name}`, of]),
  );
  const ordered = [...all.filter(([, of]) => of.fixed), ...all.filter(([, of]) => !of.fixed)];
  const headerWords = HEADER_WORDS + 2 * ordered.length;
  const places = new Map<string, Place>();
  let offset = align(headerWords * 4);
  let mutableFromByte = -1;
  for (const [name, of] of ordered) {
    assert(!places.has(name), `two columns are called ${name}`);
    if (!of.fixed && mutableFromByte < 0) mutableFromByte = offset;
    places.set(name, { column: of, byteOffset: offset });
    offset = align(offset + of.length * BYTES_PER_ELEMENT[of.type]);
  }
  if (mutableFromByte < 0) mutableFromByte = offset;
  return { ordered, headerWords, places, mutableFromByte, bytes: offset };
}

/** The bytes of a world of these groups. Allocates nothing. */
export const worldBytes = (groups: readonly ColumnGroup[]): number => layoutOf(groups).bytes;

/** Lays the groups out in one buffer, all zero. Throws UserError when the engine refuses the memory. */
export function createWorld(groups: readonly ColumnGroup[]): World {
  const { ordered, headerWords, places, mutableFromByte, bytes } = layoutOf(groups);
  if (bytes > MAX_WORLD_BYTES)
    throw new UserError(`a world of ${bytes} bytes is larger than ${MAX_WORLD_BYTES}`);
  const buffer = withMemory(bytes, () => new ArrayBuffer(bytes));
  const header = new Uint32Array(buffer, 0, headerWords);
  header.set([MAGIC_0, MAGIC_1, WORLD_VERSION, ordered.length, mutableFromByte, bytes, headerWords, 0]);
  ordered.forEach(([name, of], i) => {
    header[HEADER_WORDS + 2 * i] = of.length;
    header[HEADER_WORDS + 2 * i + 1] = hashName(`${name}:${of.type}`);
  });
  return { buffer, mutableFromByte, places, reloaders: [] };
}

/** The typed arrays of a group that was given to `createWorld`. */
export function openColumns<C extends Record<string, Column>>(
  world: World,
  group: ColumnGroup<C>,
): Opened<C> {
  const opened: Record<string, ColumnArrays[ColumnType]> = {};
  for (const name of Object.keys(group.columns)) {
    const place = world.places.get(`${group.name}.${name}`);
    assert(place !== undefined, `the world has no column ${group.name}.${name}`);
    opened[name] = columnAt(world.buffer, place.column, place.byteOffset);
  }
  return opened as Opened<C>;
}

/** A copy of everything that can change. */
export function takeSnapshot(world: World): Snapshot {
  const { buffer, mutableFromByte } = world;
  return { bytes: withMemory(buffer.byteLength - mutableFromByte, () => buffer.slice(mutableFromByte)) };
}

/** Puts a snapshot of this world (or of one with the same layout and fixed columns) back. */
export function restoreSnapshot(world: World, snapshot: Snapshot): void {
  assert(
    snapshot.bytes.byteLength === world.buffer.byteLength - world.mutableFromByte,
    'the snapshot belongs to a world of another layout',
  );
  new Uint8Array(world.buffer, world.mutableFromByte).set(new Uint8Array(snapshot.bytes));
  for (const reload of world.reloaders) reload();
}

/** A second world beside this one with the same bytes; whoever opens columns opens them on it anew. */
export function forkWorld(world: World): World {
  const { buffer } = world;
  return { ...world, buffer: withMemory(buffer.byteLength, () => buffer.slice(0)), reloaders: [] };
}

/** 32 hex digits over every byte of the world, header included: equal runs have equal hashes. */
export function hashWorld(world: World): string {
  return finishHash(hashWords(startHash(), new Uint32Array(world.buffer)));
}
