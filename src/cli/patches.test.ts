// Xen's history in words, and as the command line lists and switches it.
import { describe, expect, test } from 'vitest';
import { PATCHES, PRESETS } from '../engine/patches';
import { plain } from '../words/parts';
import { patchDoes, patchTitle, patchWithout } from '../words/patches';
import { VERSION_NAMES } from '../words/versions';
import { listPatches, listVersions, parsePatches } from './patches';

const NAMES = PATCHES.map(({ name }) => name);

describe('in words', () => {
  test.each(NAMES.map((name) => [name] as const))('%s: a title, what it brings, what there is without it', (name) => {
    expect(patchTitle(name)).toMatch(/^\w[^.]{7,39}$/);
    for (const text of [plain(patchDoes(name)), plain(patchWithout(name))]) {
      expect(text.length).toBeLessThanOrEqual(200);
      expect(text).toMatch(/^[A-Z][^*`]+\.$/);
    }
  });

  test('no two patches have the same title', () => {
    expect(new Set(NAMES.map(patchTitle)).size).toBe(NAMES.length);
  });

  test('versions are named in their order, each shortly, and v7 and the claim series each begin one name', () => {
    expect(Object.keys(VERSION_NAMES)).toEqual(PRESETS.map(({ name }) => name));
    const titles = Object.values(VERSION_NAMES);
    expect(new Set(titles).size).toBe(titles.length);
    expect(titles.filter((title) => title.length > 28)).toEqual([]);
    const beginning = [/^v7/, /^Claim/].map((begins) => titles.filter((title) => begins.test(title)));
    expect(beginning).toEqual([[VERSION_NAMES.v7], [VERSION_NAMES.claim]]);
  });
});

describe('on the command line', () => {
  test('the patches are a line each: commit, day, name, title', () => {
    const lines = listPatches();
    expect(lines).toHaveLength(PATCHES.length);
    expect(lines.slice(0, 2)).toEqual([
      'b4986813c5  2015-01-07  writeDm               A page type whose writes are trapped',
      'f5a32c5b8e  2016-01-29  ramRangeset           A fourth rangeset, for trapped RAM (reverted 2016-02-17)',
    ]);
    expect(lines).toContain('c7a4c088ad  2019-02-28  countHelper           One counter for all tables: a defect');
  });

  test('the versions are a line each: name, day, title', () => {
    const lines = listVersions();
    expect(lines).toHaveLength(PRESETS.length);
    expect([lines[0], lines[9], lines.at(-1)]).toEqual([
      'before-v7    2015-01-06  Before v7: Xen 4.5',
      'claim        2017-05-17  Claim series, to eb13199100',
      'today        2025-11-18  Today: all that has stayed',
    ]);
  });

  test('a list switches patches on, and with a minus off', () => {
    expect(parsePatches('rangeCheck')).toEqual({ on: ['rangeCheck'], off: [] });
    expect(parsePatches('-sweepResolves,rangeCheck,-rmwReads')).toEqual({
      on: ['rangeCheck'],
      off: ['sweepResolves', 'rmwReads'],
    });
  });

  test.each([
    ['rangecheck', '--patches: there is no patch "rangecheck": must be one of writeDm, ramRangeset, '],
    ['rangeCheck,,claim', '--patches: there is no patch "": must be one of '],
    ['--claim', '--patches: there is no patch "-claim": must be one of '],
    ['d59e55b018', '--patches: there is no patch "d59e55b018": must be one of '],
    ['claim,-claim', '--patches claim,-claim: claim is both on and off'],
  ])('%j is refused', (text, message) => {
    expect(() => parsePatches(text)).toThrow(message);
  });
});
