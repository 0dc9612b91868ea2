import { fireEvent, render, screen } from '@testing-library/svelte';
import { expect, test } from 'vitest';
import { EPT_FIELDS } from '../../engine/ept-entry';
import { PT_FIELDS } from '../../engine/pt-entry';
import type { Session } from '../../state/session.svelte';
import { entryHex, heed } from '../../words/ept';
import EntryPane from '../EntryPane.svelte';
import { levelOf } from './level.svelte';

const step = { table: 0x400021, highBefore: 0 };
const entry = {
  gfn: 0x3de8,
  path: [
    { ...step, level: 1, index: 30, low: 0x2_f53f, high: 0x9c00_0004, lowBefore: 0x2_f107, highBefore: 0x9c00_0004 },
    {
      ...step,
      level: 0,
      index: 488,
      low: 0x3de_8171,
      high: 0x9cf0_0010,
      lowBefore: 0x3de_8377,
      highBefore: 0x9c00_0010,
    },
  ],
  stored: 15,
  effective: 15,
  order: 0,
  mfn: 0x1003de8,
  reading: 'claimed',
  setBy: null,
};
const session = () => ({ picture: { entry }, info: { typeNames: [], paging: 'ept' }, view: {} }) as unknown as Session;
const text = (selector: string) => document.querySelector(selector)?.textContent?.replace(/\s+/g, ' ').trim();
const show = () => {
  const it = session();
  render(EntryPane, { session: it });
  return it;
};

test('the whole entry is written before and after this step, with its place', () => {
  show();
  expect(text('.whole')).toBe('before 0x9c00_0010_03de_8377 after 0x9cf0_0010_03de_8171');
  expect(text('.place')).toBe('entry 488 of table 0x400021');
});

test('the heading names the frame', () => {
  show();
  expect(screen.getByRole('heading').textContent?.trim()).toBe('EPT entry of frame 0x3de8');
});

test('above a field that this step changed stand the bits that it had, above another nothing', () => {
  show();
  const before = (name: string) => screen.getByRole('button', { name }).querySelector('.before')?.textContent?.trim();
  expect([before('type 15'), before('w 0'), before('r 1')]).toEqual(['000000', '1', '']);
});

test('arrows go from level to level, and all views of the session follow', async () => {
  const it = show();
  await fireEvent.keyDown(screen.getByRole('button', { name: 'level 0, 4 KiB' }), { key: 'ArrowLeft' });
  expect(levelOf(it).level).toBe(1);
  expect(screen.getByRole('button', { name: 'level 1, 2 MiB' }).getAttribute('aria-pressed')).toBe('true');
  expect(text('.reading p')).toBe('Marked: the next walk through here exits, and the mark goes one level down.');
});

test('the twin has every field with its bits, both values, and what it is for', () => {
  show();
  const rows = [...document.querySelectorAll('[data-twin="entry"] tbody tr')];
  expect(rows).toHaveLength(EPT_FIELDS.length);
  const cells = [...rows[3]!.children].map((cell) => cell.textContent?.trim());
  expect(cells.slice(0, 4)).toEqual(['type', 'Bits 57 to 52', '0', '15']);
  expect(rows.filter((row) => row.getAttribute('aria-current')).length).toBe(4);
});

test.each([
  ['ept', 'sa_p2mt', 0, false, 'The processor ignores it.'],
  ['ept', 'emt', 0, false, 'The processor reads it.'],
  ['ept', 'emt', 1, true, 'Must be 0 in an entry that points to a table.'],
  ['ept', 'sp', 0, false, 'The processor ignores it.'],
  ['ept', 'sp', 1, false, 'The processor reads it.'],
  ['ept', 'd', 2, true, 'The processor ignores it.'],
  ['npt', 'p2mt', 0, false, 'The processor ignores it.'],
  ['npt', 'us', 1, true, 'The processor reads it.'],
  ['npt', 'g', 0, false, ''],
] as const)('%s: who heeds %s at level %i, a table below: %s', (paging, name, level, table, said) => {
  const fields: readonly { readonly name: string }[] = paging === 'ept' ? EPT_FIELDS : PT_FIELDS;
  expect(fields.some((field) => field.name === name)).toBe(true);
  expect(heed(paging, name, level, table)).toBe(said);
});

test('an entry is written in groups of four digits, all of them', () => {
  expect([entryHex(0, 0), entryHex(-1, 0x8000_0000)]).toEqual(['0x0000_0000_0000_0000', '0x8000_0000_ffff_ffff']);
});
