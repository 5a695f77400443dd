import pow from '@stdlib/math-base-special-pow';
import { describe, expect, test } from 'vitest';
import type { Workload } from '../../../src/system/design/design.ts';
import { channelSizes, type SizeDraws } from '../../../src/system/design/topology.ts';
import { PURPOSE } from '../../../src/system/purposes.ts';

type Channels = Workload['channels'];
type Group = Channels['groups'][number];

const MOST = 0xffff_ffff;

const withChannels = (channels: Partial<Channels>): Workload =>
  ({
    users: 1000,
    channels: { named: [], private: 0, groups: [], everyone: null, ...channels },
  }) as unknown as Workload;

/** Sizes where every choice of a size is `u32`, and a Zipf draw is 1, 2 or 3 by thirds of it. */
function sizesOf(workload: Workload, u32: number, later: { user: number; channel: number }[] = []): number[] {
  const draws: SizeDraws = { zipf: () => (u) => 1 + Math.floor((u / 2 ** 32) * 3), pow };
  const choices = {
    u32(purpose: number) {
      expect(purpose).toBe(PURPOSE.CHANNEL_SIZE);
      return u32;
    },
  };
  return [...channelSizes(workload, later, choices, draws)];
}

const ofGroup = (group: Omit<Group, 'count'>, u32: number): number =>
  sizesOf(withChannels({ groups: [{ count: 1, ...group }] }), u32)[0]!;

describe('the sizes of channels', () => {
  test('come in the order of channel numbers: named, everybody’s, private, groups', () => {
    const workload = withChannels({
      named: [
        { name: 'a', members: [4, 5, 6] },
        { name: 'b', members: [1] },
      ] as unknown as Channels['named'],
      everyone: 'all',
      private: 2,
      groups: [
        { count: 2, size: { kind: 'constant', size: 10 }, meanSize: null },
        { count: 1, size: { kind: 'constant', size: 7 }, meanSize: null },
      ],
    });
    expect(sizesOf(workload, 0)).toEqual([3, 1, 1000, 2, 2, 10, 10, 7]);
    // Who joins later has a place from the start.
    expect(
      sizesOf(workload, 0, [
        { user: 9, channel: 1 },
        { user: 8, channel: 1 },
        { user: 9, channel: 0 },
      ]),
    ).toEqual([4, 3, 1000, 2, 2, 10, 10, 7]);
  });

  test('of a group are at least two and at most all users', () => {
    expect(ofGroup({ size: { kind: 'constant', size: 1 }, meanSize: null }, 0)).toBe(2);
    expect(ofGroup({ size: { kind: 'constant', size: 5000 }, meanSize: null }, 0)).toBe(1000);
  });

  test('that are uniform have both bounds, each value a quarter of four', () => {
    const size = { kind: 'uniform', min: 4, max: 7 } as const;
    const at = (share: number): number => ofGroup({ size, meanSize: null }, Math.floor(share * 2 ** 32));
    expect([at(0), at(0.2499), at(0.25), at(0.4999), at(0.5), at(0.75)]).toEqual([4, 4, 5, 5, 6, 7]);
    expect(ofGroup({ size, meanSize: null }, MOST)).toBe(7);
  });

  test('with a mean are scaled to it', () => {
    // The mean of 4..7 is 5.5: twice as large each.
    const uniform = { size: { kind: 'uniform', min: 4, max: 7 }, meanSize: 11 } as const;
    expect([ofGroup(uniform, 0), ofGroup(uniform, 2 ** 31), ofGroup(uniform, MOST)]).toEqual([8, 12, 14]);
    // 1, 2 and 3 with weights 1, 1/2, 1/3: the mean is 3 / (11 / 6) = 18 / 11, so a mean of 18 is eleven times as large.
    const zipf = { size: { kind: 'zipf', exponent: 1, min: 1, max: 3 }, meanSize: 18 } as const;
    expect([ofGroup(zipf, 0), ofGroup(zipf, 2 ** 31), ofGroup(zipf, MOST)]).toEqual([11, 22, 33]);
    const constant = { size: { kind: 'constant', size: 6 }, meanSize: 30 } as const;
    expect(ofGroup(constant, 0)).toBe(30);
  });

  test('are drawn for each channel by its own number', () => {
    const groups: Group[] = [{ count: 3, size: { kind: 'uniform', min: 10, max: 19 }, meanSize: null }];
    const choices = { u32: (_purpose: number, channel: number) => (channel * 2 ** 32) / 10 };
    const draws: SizeDraws = { zipf: () => () => 0, pow };
    expect([...channelSizes(withChannels({ private: 4, groups }), [], choices, draws)]).toEqual([
      2, 2, 2, 2, 14, 15, 16,
    ]);
  });
});
