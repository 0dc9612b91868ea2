// Twelve thousand files, each a shipped one or one with every field that was damaged in a few places: read, or refused with
// places and reasons. Nothing is thrown, and what is read has a guest that can be built.
import { fc, test as prop } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import { MIB } from '../engine/config';
import { chance } from '../engine/prng';
import { World } from '../engine/world';
import { SCENARIOS } from '.';
import { readScenario } from './base';
import { EVERYTHING } from './format-testing';
import { parseScenario, parseText, type Parsed } from './schema';

const RUNS = 300;
const EACH = 40;
/** Files whose reading takes long would make this take long, too. */
const LARGE = new Set(['range-wall', 'vga-full', 'many-frames', 'first-light']);
const small = SCENARIOS.filter(({ name }) => !LARGE.has(name));
const seeds: readonly unknown[] = [EVERYTHING, ...(await Promise.all(small.map((shipped) => shipped.load())))];

/** No number here is a program that is long and yet allowed. */
const ODD: readonly unknown[] = [
  ...[null, true, -1, 0, 1.5, 4097, 2 ** 31, 2 ** 53, 1e300, -0, NaN, Infinity],
  ...['', '0x', '0xffff_ffff_ffff_ffff', '0x1_0000_0000_0000_0000', '16 MiB', '-1 KiB', '1e9 GiB', '64 GiB'],
  ...[
    '__proto__',
    'constructor',
    'toString',
    'vcpu0[999999999999]',
    'vcpu0 x1000000',
    'dm.sweep#0',
    '\u0000',
    '\ud800',
    '<script>',
  ],
  ...['9'.repeat(50_000), 'x'.repeat(50_000), [], {}, [[]], [null], { op: 'loop', times: 2, body: [] }],
  ...[
    { op: 'loop', times: 5000, body: [{ op: 'loop', times: 5000, body: [{ op: 'submit' }] }] },
    deep(200),
    JSON.parse('{ "__proto__": 1 }') as unknown,
  ],
];
const KEYS = [
  '__proto__',
  'constructor',
  'prototype',
  'hasOwnProperty',
  'op',
  'gpa',
  'base',
  'format',
  'x'.repeat(500),
  '',
];

/** Loops and lists in one another. */
function deep(n: number): unknown {
  let value: unknown = { op: 'read', gpa: 0 };
  for (let i = 0; i < n; i++) value = i % 2 ? [value] : { op: 'loop', times: 1, body: [value], schedule: value };
  return value;
}

type Inner = Record<string, unknown>;

/** Somewhere in a value: what holds it, and under which key. */
function somewhere(root: Inner, pick: (below: number) => number): { of: Inner; key: string } | null {
  let found: { of: Inner; key: string } | null = null;
  for (let of: unknown = root; typeof of === 'object' && of !== null;) {
    const keys = Object.keys(of);
    if (keys.length === 0) break;
    const key = keys[pick(keys.length)]!;
    found = { of: of as Inner, key };
    if (pick(4) === 0) break;
    of = (of as Inner)[key];
  }
  return found;
}

/** Drops, doubles, retypes, renames, moves. */
function damage(root: Inner, pick: (below: number) => number): void {
  const place = somewhere(root, pick);
  if (!place) return;
  const { of, key } = place;
  const value = of[key];
  const set = (name: string, to: unknown): unknown =>
    Object.defineProperty(of, name, { value: to, enumerable: true, writable: true, configurable: true });
  switch (pick(6)) {
    case 0:
      return Array.isArray(of) ? void of.splice(Number(key), 1) : void delete of[key];
    case 1:
      return Array.isArray(of) ? void of.splice(Number(key), 0, structuredClone(value)) : void set(`${key}2`, value);
    case 2:
      if (!Array.isArray(of)) delete of[key];
      return void set(Array.isArray(of) ? key : KEYS[pick(KEYS.length)]!, value);
    case 3:
      return void set(
        key,
        typeof value === 'number' ? String(value) : typeof value === 'string' ? value.length : [value],
      );
    case 4: {
      const other = somewhere(root, pick);
      return void set(key, other ? structuredClone(other.of[other.key]) : null);
    }
    default:
      return void set(key, structuredClone(ODD[pick(ODD.length)]));
  }
}

/** A damaged file, the same for the same seed. */
function mutant(seed: number): Inner {
  let n = 0;
  const pick = (below: number): number => chance(seed, n++) % below;
  const file = structuredClone(seeds[pick(3) === 0 ? 0 : pick(seeds.length)]) as Inner;
  for (let times = 1 + pick(3); times > 0; times--) damage(file, pick);
  return file;
}

function look(parsed: Parsed): void {
  if (parsed.ok) return expect(parsed.scenario.config.programs.length).toBeGreaterThan(0);
  expect(parsed.problems.length).toBeGreaterThan(0);
  expect(parsed.problems.length).toBeLessThanOrEqual(100);
  for (const { path, message, hint = 'none' } of parsed.problems) {
    if (typeof path !== 'string' || !/\S/.test(message) || !/\S/.test(hint) || message.length + path.length > 2500)
      expect.fail(`${path}: ${message} | ${hint}`);
  }
}

let built = 0;
let read = 0;

/** As the worker does; a pool that is too small for the first image is told of there. */
function build(parsed: Parsed): void {
  if (!parsed.ok || ++read % 25 !== 0 || parsed.scenario.config.memory > 128 * MIB) return;
  try {
    expect(new World(parsed.scenario.config).steps).toBe(0);
    built++;
  } catch (error) {
    expect(error).toBeInstanceOf(RangeError);
  }
}

prop.prop([fc.nat({ max: 2 ** 31 - 1 })], { numRuns: RUNS })(
  'a damaged file is read, or refused with places and reasons, and never throws',
  async (seed) => {
    for (let i = 0; i < EACH; i++) {
      const file = mutant((seed + Math.imul(i, 0x9e3779b1)) >>> 0);
      const parsed = i % 4 === 0 ? await readScenario(file) : parseScenario(file);
      look(parsed);
      build(parsed);
    }
  },
);

test('some of them are read, and their guests can be built', () => {
  expect(read).toBeGreaterThan(RUNS);
  expect(built).toBeGreaterThan(10);
});

const TEXT = JSON.stringify(EVERYTHING);
prop.prop([fc.nat({ max: TEXT.length }), fc.nat({ max: 40 }), fc.string({ maxLength: 6 })], { numRuns: 500 })(
  'a damaged text is read, or refused',
  (at, less, put) => {
    look(parseText(TEXT.slice(0, at) + put + TEXT.slice(at + less)));
  },
);

test('what is nested far deeper than any file is refused', () => {
  const text = `{ "format": 2, "vcpus": ${'['.repeat(200_000)}${']'.repeat(200_000)} }`;
  look(parseText(text));
  look(parseScenario({ ...EVERYTHING, vcpus: [[deep(100_000)]] }));
  look(parseScenario({ ...EVERYTHING, guest: deep(100_000), answers: [deep(100_000)] }));
});
