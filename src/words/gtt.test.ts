import { expect, test } from 'vitest';
import {
  DIFFERENCES,
  GTT,
  middleSaid,
  partSaid,
  readsSaid,
  shadowSaid,
  tableSaid,
  typedWrong,
  WALK,
  whySaid,
} from './gtt';

const row = (state: string, why: string | null, shadow: number | null = null) => ({
  gfn: 0x78000,
  mfn: 0x10f8000,
  shadow,
  state,
  why,
});

test('a row says what the shadow holds and how that is to be taken', () => {
  expect([
    shadowSaid(row('same', null, 0x10f8000)),
    shadowSaid(row('inFlight', 'missing')),
    shadowSaid(row('stale', 'other', 0x12)),
    shadowSaid(row('outOfStep', 'missing')),
    shadowSaid(row('untranslated', 'noFrame')),
  ]).toEqual(['0x10f8000', '0, in flight', '0x12, stale', '0, behind', '0, untranslated']);
  expect(['inFlight', 'stale', 'same', 'empty'].map((state) => middleSaid(row(state, null)))).toEqual([
    'not yet',
    'stale',
    '0x10f8000',
    'not present',
  ]);
  expect(middleSaid(undefined)).toBe('not present');
});

test.each([
  [row('inFlight', 'missing'), 'the shadow is not present; XenGT has still to follow'],
  [row('inFlight', 'notFollowed'), 'the table below has no shadow yet; XenGT has still to follow'],
  [row('outOfStep', 'other', 1), 'the shadow has another frame; XenGT follows at the next submission'],
  [row('stale', 'left', 1), 'the guest has cleared it, the shadow has not; nothing is under way'],
  [row('stale', 'flags', 1), 'the frames are the same, the flags are not; nothing is under way'],
  [row('untranslated', 'noFrame'), 'the p2m has no frame for 0x78000'],
  [row('untranslated', 'notFollowed'), 'XenGT follows no table in 0x78000'],
  [row('unfollowed', 'missing'), 'XenGT does not follow this table'],
])('why a row differs: %#', (facts, said) => expect(whySaid(facts)).toBe(said));

test('differences are counted, and how many of them are wrong', () => {
  expect([
    DIFFERENCES.said(1, 0),
    DIFFERENCES.said(4, 0),
    DIFFERENCES.said(1, 1),
    DIFFERENCES.said(48, 48),
    DIFFERENCES.said(5, 3),
    DIFFERENCES.more(1744),
    GTT.differ(0),
    GTT.differ(1),
  ]).toEqual([
    '1 entry differs',
    '4 entries differ',
    '1 entry differs and is wrong',
    '48 entries differ, all of them wrong',
    '5 entries differ, 3 of them wrong',
    '1\u202f744 more differ, not listed',
    'none differs',
    '1 differs',
  ]);
});

test('a table says where it lies, how full it is and what its shadow is', () => {
  const table = {
    level: 0,
    gfn: 0x5ade8,
    shadow: 0x800004,
    linked: true,
    outOfStep: false,
    present: 3,
    shadowPresent: 2,
    differing: 1,
  };
  expect(tableSaid(table)).toBe('PT in gfn 0x5ade8, 3 of 512 present, shadow in mfn 0x800004, 1 differs');
  expect(tableSaid({ ...table, shadow: null, linked: false, differing: 0 })).toBe(
    'PT in gfn 0x5ade8, 3 of 512 present, shadow not followed, none differs',
  );
  expect(tableSaid({ ...table, linked: false, outOfStep: true })).toContain(
    '0x800004, nothing leads to it, out of step',
  );
});

const entry = (frame: number | null) => ({ table: 1, low: 0x78000083, high: 0, frame });
const walk = (level: number, guest: number | null, shadow: number | null, why: string | null, state = 'stale') => ({
  gma: 0,
  steps: [{ level, index: 61, guest: entry(guest), shadow: entry(shadow) }],
  gfn: level === 0 ? guest : null,
  p2m: why === 'noFrame' || level > 0 || guest === null ? null : 0x10f8000,
  mfn: level === 0 ? shadow : null,
  part: why === null ? null : { level, why, state, wrong: false },
});

test.each([
  [
    walk(0, 0x78000, 0x10f8000, null),
    'The two walks agree from the root to the frame.',
    'The GPU reads machine frame 0x10f8000, the one that the guest means.',
  ],
  [walk(1, null, null, null), 'Neither goes past the PD: entry 61 is not present.', 'The GPU finds no page there.'],
  [
    walk(0, 0x78000, null, 'missing', 'inFlight'),
    "They part at entry 61 of the PT: the guest's is present, the shadow's is not. XenGT has still to follow.",
    'The GPU finds no page there; the guest means machine frame 0x10f8000.',
  ],
  [
    walk(0, 0x78000, 0x12, 'other', 'outOfStep'),
    'They part at entry 61 of the PT: the shadow leads to machine frame 0x12, not to that of guest frame 0x78000. XenGT follows at the next submission.',
    'The GPU reads machine frame 0x12; the guest means 0x10f8000.',
  ],
  [
    walk(0, null, 0x12, 'left'),
    'They part at entry 61 of the PT: the guest has cleared it, the shadow still leads to machine frame 0x12.',
    'The GPU reads machine frame 0x12; the guest maps nothing there.',
  ],
  [
    walk(0, 0x78000, null, 'noFrame', 'untranslated'),
    'They part at entry 61 of the PT: the p2m has no machine frame for guest frame 0x78000, so the shadow is not present.',
    'The GPU finds no page there, and there is none to find.',
  ],
  [
    walk(1, 0x78000, null, 'notFollowed', 'untranslated'),
    'They part at entry 61 of the PD: XenGT follows no table in guest frame 0x78000, so the shadow is not present.',
    'The GPU finds no page there.',
  ],
])('two walks: %#', (facts, part, reads) => expect([partSaid(facts, true), readsSaid(facts)]).toEqual([part, reads]));

test('without a shadow it says whether there should be one', () => {
  const facts = walk(3, 1, null, 'noShadow', 'unfollowed');
  expect(partSaid(facts, true)).toMatch(/^XenGT was told of this PPGTT/);
  expect(partSaid(facts, false)).toMatch(/^XenGT follows none/);
});

test('an entry is written with all its 64 bits, and its bits by name', () => {
  const low = { table: 1, low: 0xf8000081, high: 0x10, frame: 1 };
  expect([WALK.padded(low), WALK.bits(low), WALK.bits({ ...low, low: 3 }), WALK.bits({ ...low, low: 0 })]).toEqual([
    '0x00000010_f8000081',
    'present, read-only',
    'present, writable',
    'not present',
  ]);
});

test('what was typed wrong is named, and what would be right', () => {
  expect(typedWrong('character', 'g')).toBe(
    '“g” is no digit of an address. Hexadecimal after 0x or decimal, underscores as you like: 0x4743_d000.',
  );
  expect(typedWrong('noDigits')).toMatch(/^There are no digits after 0x. Hexadecimal/);
  expect(typedWrong('past')).toBe('GPU addresses have 48 bits: the last one is 0xffff_ffff_ffff.');
});
