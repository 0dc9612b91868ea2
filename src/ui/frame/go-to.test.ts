import { expect, test } from 'vitest';
import { targets } from './go-to';

/** A run of 400 steps on a guest of 4 GiB. */
const of = (text: string) => targets(text, 400, 2 ** 20);

test.each([
  [
    '140',
    [
      { to: 'step', step: 140 },
      { to: 'frame', gfn: 0x140 },
    ],
  ],
  ['step 140', [{ to: 'step', step: 140 }]],
  ['go to step 140', [{ to: 'step', step: 140 }]],
  ['401', [{ to: 'frame', gfn: 0x401 }]],
  [
    '0x1a4c',
    [
      { to: 'frame', gfn: 0x1a4c },
      { to: 'address', gfn: 1, address: 0x1a4c },
      { to: 'gpu', gma: 0x1a4c },
    ],
  ],
  ['gfn 1a4c3', [{ to: 'frame', gfn: 0x1a4c3 }]],
  [
    '0x1a4c3000',
    [
      { to: 'address', gfn: 0x1a4c3, address: 0x1a4c3000 },
      { to: 'gpu', gma: 0x1a4c3000 },
    ],
  ],
  ['address 0x1a4c3e8f', [{ to: 'address', gfn: 0x1a4c3, address: 0x1a4c3e8f }]],
  [
    '0x0000_4743_d000',
    [
      { to: 'address', gfn: 0x4743d, address: 0x4743d000 },
      { to: 'gpu', gma: 0x4743d000 },
    ],
  ],
  ['gpu 0x7f00_0000_1000', [{ to: 'gpu', gma: 0x7f0000001000 }]],
  ['1.5 GiB', [{ to: 'address', gfn: 0x60000, address: 0x60000000 }]],
] as const)('%j may mean %j', (text, found) => {
  expect(of(text)).toEqual(found);
});

test.each(['', 'face', 'add', 'present 1', '0x10_0000_0000_0000_0000', '-4', 'step 9000', 'gfn 0x100000'])(
  '%j is no place',
  (text) => {
    expect(of(text)).toEqual([]);
  },
);
