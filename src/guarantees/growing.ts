/** Columns that grow as far as a number is written to them. What was never written reads as 0. */

const SHORTEST = 16;
const NO_U32 = new Uint32Array(0);
const NO_U8 = new Uint8Array(0);

const lengthFor = (index: number, length: number): number => Math.max(SHORTEST, index + 1, 2 * length);

export class GrowingU32 {
  data = NO_U32;

  get(index: number): number {
    return index < this.data.length ? this.data[index] : 0;
  }

  set(index: number, value: number): void {
    if (index >= this.data.length) this.#grow(index);
    this.data[index] = value;
  }

  add(index: number, by: number): void {
    this.set(index, this.get(index) + by);
  }

  #grow(index: number): void {
    const wider = new Uint32Array(lengthFor(index, this.data.length));
    wider.set(this.data);
    this.data = wider;
  }
}

export class GrowingU8 {
  data = NO_U8;

  get(index: number): number {
    return index < this.data.length ? this.data[index] : 0;
  }

  set(index: number, value: number): void {
    if (index >= this.data.length) this.#grow(index);
    this.data[index] = value;
  }

  #grow(index: number): void {
    const wider = new Uint8Array(lengthFor(index, this.data.length));
    wider.set(this.data);
    this.data = wider;
  }
}

const TWO_32 = 0x1_0000_0000;

/**
 * Times in whole microseconds, none before the first one written: 4 bytes each while they span less than 71 minutes, 8 beyond.
 * What was never written reads as the first time.
 */
export class GrowingTimes {
  #firstUs = -1;
  readonly #low = new GrowingU32();
  #high: GrowingU32 | null = null;

  set(index: number, timeUs: number): void {
    if (this.#firstUs < 0) this.#firstUs = timeUs;
    const sinceUs = timeUs - this.#firstUs;
    this.#low.set(index, sinceUs % TWO_32);
    if (sinceUs >= TWO_32) this.#high ??= new GrowingU32();
    this.#high?.set(index, Math.floor(sinceUs / TWO_32));
  }

  get(index: number): number {
    const high = this.#high === null ? 0 : this.#high.get(index);
    return Math.max(0, this.#firstUs) + high * TWO_32 + this.#low.get(index);
  }
}
