import { expect, test } from 'vitest';
import { DESIGN_NAMES } from '../engine/designs';
import { PATCHES } from '../engine/patches';
import { about } from './about';

test('a patch is told with its commit, what goes wrong without it, and what it needs', () => {
  const [head, , without, needs] = about('rmwReads');
  expect(head).toMatch(/^4b602cced9 {2}2017-04-07 {2}/);
  expect([without!.startsWith('Without it: '), needs]).toEqual([true, 'Needs claim.']);
  for (const { name } of PATCHES) expect(about(name).length).toBeGreaterThanOrEqual(3);
});

test('a design is told with what it costs', () => {
  for (const name of DESIGN_NAMES) expect(about(name).map((line) => line.length > 2)).toEqual([true, true, true]);
});

test('types: four bits are full with one type for servers, the entries themselves have more room', () => {
  expect(about('types').map((line) => line.replace(/\s+/g, ' '))).toEqual([
    'software 4 bits: 16 values, 0 left with one type for servers, room for 1 such types',
    'ept 6 bits: 64 values, 48 left with one type for servers, room for 49 such types',
    'npt 7 bits: 128 values, 112 left with one type for servers, room for 113 such types',
    'each type costs a value, 32 bytes for its claim, and 0 bytes an entry',
  ]);
});

test('a name that is none of these is refused', () => {
  expect(() => about('nothing')).toThrow('--about: there is no "nothing"');
});
