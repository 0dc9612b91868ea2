// model.md names everything that the engine claims about Xen: what the code has and the text has not is a law untold.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { AUDIT_RULES } from './audit';
import { DEFAULT_COSTS } from './cost-table';
import { XEN_FUNCTION } from './events';
import { CHARTS } from './machines';
import { PATCHES } from './patches';

const here = fileURLToPath(new URL('.', import.meta.url));
const text = readFileSync(join(here, 'model.md'), 'utf8');

/** Who an event stands for when it is no function of Xen's. */
const ACTORS = ['the processor', 'the guest', 'the toolstack', 'the device model', /^XenGT\b/, /^QEMU\b/];

/** Files of the engine proper, without tests and what only they read. */
const sources = readdirSync(here, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !/\.test\.ts$|^(vectors|replay)\b|testing\.ts$/.test(file))
  .map((file) => readFileSync(join(here, file), 'utf8'));

const all = (pattern: RegExp): string[] => [
  ...new Set(sources.flatMap((s) => [...s.matchAll(pattern)].map((m) => m[1]!))),
];

describe('model.md names', () => {
  test.each(PATCHES)('patch $id as $name, in its table', ({ id, name }) => {
    expect(text).toMatch(new RegExp(`^\\| ${id} +\\| ${name} +\\|`, 'm'));
  });

  test('no patch beside those of the engine, in their order', () => {
    const rows = [...text.matchAll(/^\| ([0-9a-f]{10}) +\| \w+ +\|/gm)].map((m) => m[1]);
    expect(rows).toEqual(PATCHES.map(({ id }) => id));
  });

  test('every commit that a source of the engine names', () => {
    const commits = all(/\b(?=[0-9]*[a-f])(?=[a-f]*[0-9])([0-9a-f]{10})\b/g);
    expect(commits.length).toBeGreaterThan(PATCHES.length);
    expect(commits.filter((commit) => !text.includes(commit))).toEqual([]);
  });

  test('every errno', () => {
    const errnos = [...readFileSync(join(here, 'errno.ts'), 'utf8').matchAll(/'(E[A-Z0-9]+)'/g)].map((m) => m[1]!);
    expect(errnos).toContain('EOPNOTSUPP');
    expect(errnos.filter((errno) => !new RegExp(`\\b${errno}\\b`).test(text))).toEqual([]);
  });

  test('every function of Xen that an event stands for', () => {
    const isActor = (name: string) => ACTORS.some((a) => (typeof a === 'string' ? a === name : a.test(name)));
    const functions = [...new Set(Object.values(XEN_FUNCTION))].filter((name) => !isActor(name));
    expect(functions.length).toBeGreaterThan(20);
    expect(functions.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
  });

  test('every rule of the audit', () => {
    expect(AUDIT_RULES.filter((rule) => !text.includes(`\`${rule}\``))).toEqual([]);
  });

  test.each(DEFAULT_COSTS)('the default price of $cost', ({ cost, cycles, source }) => {
    const row = text.split('\n').find((line) => line.startsWith(`| \`${cost}\``));
    expect(row?.split('|')[3]?.trim()).toBe(String(cycles));
    expect(/assumption|count of steps/.test(row ?? '')).toBe(source === null);
  });

  test.each(CHARTS)('the chart of the $name with each of its states', ({ name, states }) => {
    const row = text.split('\n').find((line) => line.startsWith(`| \`${name}\` |`)) ?? '';
    const told = name === 'page-type' ? states.slice(-3).filter((state) => state !== 'ioreq_server2') : states;
    expect(told.filter((state) => !row.includes(`\`${state}\``))).toEqual([]);
  });
});
