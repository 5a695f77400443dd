import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columns, fixed, u8, u32 } from '../../../src/base/columns.ts';
import { createSnapshots, type Snapshots } from '../../../src/kernel/snapshots.ts';
import { createWorld, hashWorld, openColumns, type World } from '../../../src/kernel/world.ts';

/** More than two blocks of words, and a part that never changes. */
const group = columns('test', {
  members: fixed(u32(100)),
  few: u8(1000),
  many: u32(150_000),
});

type Step =
  | { readonly do: 'write'; readonly at: number; readonly length: number; readonly value: number }
  | { readonly do: 'take' }
  | { readonly do: 'restore'; readonly which: number }
  | { readonly do: 'forget'; readonly which: number };

const stepArbitrary: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('write' as const),
      at: fc.nat(149_999),
      length: fc.oneof(fc.integer({ min: 1, max: 8 }), fc.constant(70_000)),
      // Zeros too: what returns to what it was is no difference.
      value: fc.nat(2),
    }),
  },
  { weight: 3, arbitrary: fc.constant({ do: 'take' as const }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restore' as const), which: fc.nat(100) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('forget' as const), which: fc.nat(100) }) },
);

/** The obvious program: the hash of the world at each snapshot. Runs the same steps on both and returns the first difference. */
function firstDifference(steps: readonly Step[], create: (world: World) => Snapshots): string | null {
  const world = createWorld([group]);
  const { many, few } = openColumns(world, group);
  const snapshots = create(world);
  let hashes: string[] = [];
  for (const [i, step] of steps.entries()) {
    switch (step.do) {
      case 'write':
        many.fill(step.value, step.at, step.at + step.length);
        few[step.at % few.length] = step.value;
        break;
      case 'take':
        snapshots.take();
        hashes.push(hashWorld(world));
        break;
      case 'restore': {
        if (hashes.length === 0) break;
        const index = step.which % hashes.length;
        snapshots.restore(index);
        hashes = hashes.slice(0, index + 1);
        if (hashWorld(world) !== hashes[index]) return `step ${i}: snapshot ${index} is another`;
        break;
      }
      case 'forget': {
        if (hashes.length < 2) break;
        const index = step.which % (hashes.length - 1);
        snapshots.forget(index);
        hashes.splice(index, 1);
        break;
      }
    }
    if (snapshots.count !== hashes.length)
      return `step ${i}: ${snapshots.count} snapshots for ${hashes.length}`;
  }
  for (let index = hashes.length - 1; index >= 0; index--) {
    snapshots.restore(index);
    if (hashWorld(world) !== hashes[index]) return `in the end: snapshot ${index} is another`;
  }
  return null;
}

describe('snapshots of a world', () => {
  it('give back the same bytes, whatever is taken, restored and forgotten in between', () => {
    fc.assert(
      fc.property(fc.array(stepArbitrary, { maxLength: 30 }), (steps) => {
        expect(firstDifference(steps, createSnapshots)).toBeNull();
      }),
      { numRuns: 60 },
    );
  });

  it('are found out when a forgotten one takes its difference with it', () => {
    const forgetful = (world: World): Snapshots => {
      const real = createSnapshots(world);
      const kept: number[] = [];
      return {
        get count() {
          return kept.length;
        },
        get bytes() {
          return real.bytes;
        },
        take() {
          real.take();
          kept.push(real.count - 1);
        },
        restore(index) {
          // The mistake: an older snapshot is taken for its successor.
          real.restore(kept[Math.min(index + 1, kept.length - 1)]!);
          kept.length = index + 1;
        },
        forget: (index) => kept.splice(index, 1),
      };
    };
    const steps: Step[] = [
      { do: 'take' },
      { do: 'write', at: 5, length: 1, value: 1 },
      { do: 'take' },
      { do: 'restore', which: 0 },
    ];
    expect(firstDifference(steps, createSnapshots)).toBeNull();
    expect(firstDifference(steps, forgetful)).not.toBeNull();
  });

  it('hold the words that differ, and give their bytes back', () => {
    const world = createWorld([group]);
    const { many } = openColumns(world, group);
    const snapshots = createSnapshots(world);
    snapshots.take();
    const first = snapshots.bytes;
    many.fill(7, 1000, 2000);
    snapshots.take();
    const second = snapshots.bytes;
    expect(second - first).toBeLessThan(1000 * 6 + 4 * 0x1_0000 + 100);
    many.fill(8, 1500, 2500);
    snapshots.take();
    const third = snapshots.bytes;
    expect(third - second).toBe(1000 * 6);
    snapshots.forget(1);
    expect(snapshots.bytes).toBe(third - 500 * 6);
    snapshots.restore(0);
    expect(many.every((word) => word === 0)).toBe(true);
  });

  it('have what is derived from the bytes made anew after them', () => {
    const world = createWorld([group]);
    const { many } = openColumns(world, group);
    let derived = 0;
    world.reloaders.push(() => {
      derived = 2 * many[0]!;
    });
    const snapshots = createSnapshots(world);
    many[0] = 3;
    snapshots.take();
    many[0] = 4;
    snapshots.restore(0);
    expect(derived).toBe(6);
  });
});
