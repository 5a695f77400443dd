/**
 * Columns: typed arrays that live side by side in one ArrayBuffer.
 *
 * A module declares a group of columns (`columns('users', { word: u32(n) })`); the world lays all groups out in one
 * buffer; `openColumns` gives the module its typed arrays. An array wider than 64 bytes lives off the engine's heap, so its
 * address is constant, and a group opens the same way on a copy of the buffer: that is what makes a fork a copy.
 */

export type ColumnType = 'u8' | 'u32' | 'i32' | 'f64';

/** The typed array of each type of column. */
export interface ColumnArrays {
  u8: Uint8Array;
  u32: Uint32Array;
  i32: Int32Array;
  f64: Float64Array;
}

/** A column as it is declared. */
export interface Column<T extends ColumnType = ColumnType> {
  readonly type: T;
  /** Number of elements, not of bytes. */
  readonly length: number;
  /** A fixed column never changes after set-up: snapshots share it instead of copying it. */
  readonly fixed: boolean;
}

/** Columns that a module declares together, by their names. */
export interface ColumnGroup<C extends Record<string, Column> = Record<string, Column>> {
  readonly name: string;
  readonly columns: C;
}

/** The typed arrays of a group, by the names of its columns. */
export type Opened<C extends Record<string, Column>> = {
  readonly [K in keyof C]: C[K] extends Column<infer T> ? ColumnArrays[T] : never;
};

export const BYTES_PER_ELEMENT: Record<ColumnType, number> = { u8: 1, u32: 4, i32: 4, f64: 8 };

function column<T extends ColumnType>(type: T, length: number): Column<T> {
  if (!Number.isSafeInteger(length) || length < 0) {
    throw new RangeError(`a ${type} column needs a whole number of elements, not ${length}`);
  }
  return { type, length, fixed: false };
}

/** So many bytes. Throws RangeError unless the length is a whole number from 0. */
export const u8 = (length: number): Column<'u8'> => column('u8', length);
/** So many unsigned 32-bit words. Throws RangeError unless the length is a whole number from 0. */
export const u32 = (length: number): Column<'u32'> => column('u32', length);
/** So many signed 32-bit words. Throws RangeError unless the length is a whole number from 0. */
export const i32 = (length: number): Column<'i32'> => column('i32', length);
/** So many doubles. Throws RangeError unless the length is a whole number from 0. */
export const f64 = (length: number): Column<'f64'> => column('f64', length);

/** Marks a column as never changing after set-up. */
export function fixed<T extends ColumnType>(of: Column<T>): Column<T> {
  return { ...of, fixed: true };
}

/** A group of columns, to be given to `createWorld`. */
export function columns<C extends Record<string, Column>>(name: string, of: C): ColumnGroup<C> {
  return { name, columns: of };
}

/** The typed array of one column at a byte offset (a multiple of 8) of a buffer. */
export function columnAt(buffer: ArrayBuffer, of: Column, byteOffset: number): ColumnArrays[ColumnType] {
  switch (of.type) {
    case 'u8':
      return new Uint8Array(buffer, byteOffset, of.length);
    case 'u32':
      return new Uint32Array(buffer, byteOffset, of.length);
    case 'i32':
      return new Int32Array(buffer, byteOffset, of.length);
    case 'f64':
      return new Float64Array(buffer, byteOffset, of.length);
  }
}

/** Opens a group on a buffer of its own: for algorithms and tests that need no world. */
export function standaloneColumns<C extends Record<string, Column>>(group: ColumnGroup<C>): Opened<C> {
  const opened: Record<string, ColumnArrays[ColumnType]> = {};
  for (const [name, of] of Object.entries(group.columns)) {
    opened[name] = columnAt(new ArrayBuffer(of.length * BYTES_PER_ELEMENT[of.type]), of, 0);
  }
  return opened as Opened<C>;
}
