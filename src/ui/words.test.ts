// The words for what engine and worker number and name: none is missing.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { AUDIT_RULES } from '../engine/audit';
import { EPT_FIELDS } from '../engine/ept-entry';
import { PT_FIELDS } from '../engine/pt-entry';
import { FIELD_WORDS, readingOf } from '../words/fields';
import { actorName, OUTCOME_NAMES, RULES, SENTENCE, SERVERS } from '../words/labels';
import { OUTCOMES } from '../worker/protocol';

test.each([
  ['ept', EPT_FIELDS],
  ['npt', PT_FIELDS],
] as const)('%s: every field of an entry has words, none longer than the room for it', (paging, fields) => {
  expect(Object.keys(FIELD_WORDS[paging]).sort()).toEqual(fields.map(({ name }) => name).sort());
  for (const { means } of Object.values(FIELD_WORDS[paging]))
    expect([means, means.length <= 120]).toEqual([means, true]);
});

test('the bit that lets writes pass is called as the format calls it; an unknown reading shows its code', () => {
  expect(readingOf('claimed', 'ept')).toBe('w is 0: a write exits, because XenGT claimed the type.');
  expect(readingOf('claimed', 'npt')).toBe('rw is 0: a write exits, because XenGT claimed the type.');
  expect(readingOf('plain', 'npt')).toBe('us and rw are 1, nx is 0: plain RAM, no access exits.');
  expect(readingOf('strange', 'npt')).toBe('strange');
});

test('every rule of the audit has a name', () => {
  expect(AUDIT_RULES.filter((rule) => RULES[rule] === undefined)).toEqual([]);
});

test('every outcome of a write and every actor has a name', () => {
  expect(OUTCOME_NAMES).toHaveLength(OUTCOMES.length);
  expect((['vcpu3', 'xen', 'xengt', 'qemu', 'toolstack'] as const).map(actorName)).toEqual([
    'vCPU 3',
    'Xen',
    'XenGT',
    'QEMU',
    'toolstack',
  ]);
});

test('a slot says whose it is where it is not XenGT’s', () => {
  expect([SERVERS.slot(0), SERVERS.slot(1, 'QEMU')]).toEqual(['slot vCPU 0', 'QEMU vCPU 1']);
});

test('the page says the same before its script is here and until the first picture is', () => {
  const page = readFileSync(new URL('../../index.html', import.meta.url), 'utf8');
  expect(/class="shell">[^]*?<p>(.*)<\/p>/.exec(page)?.[1]).toBe(SENTENCE.about);
});
