/**
 * The palette, measured over the custom properties of tokens.css: contrast by WCAG 2, difference by CIEDE2000, colour
 * deficiencies by the matrices of Machado, Oliveira and Fernandes (2009) at full severity, applied to linear RGB.
 */
import { readFileSync } from 'node:fs';
import { blend, converter, differenceCiede2000, wcagContrast, type Color, type Lrgb } from 'culori';
import { describe, expect, test } from 'vitest';
import { TYPE_LOOKS } from '../layout/types';

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');
const block = (from: string): Record<string, string> => {
  const start = css.indexOf(from);
  const body = css.slice(start, css.indexOf('\n}', start));
  return Object.fromEntries([...body.matchAll(/(--[\w-]+): ([^;]+);/g)].map(([, name, value]) => [name!, value!]));
};
const light = block(':root {');
const THEMES = { light, dark: { ...light, ...block(":root[data-theme='dark'] {") } };

const lrgb = converter('lrgb');
const unit = (n: number): number => Math.max(0, Math.min(1, n));
type Matrix = readonly [number, number, number, number, number, number, number, number, number];
const through =
  (m: Matrix) =>
  (colour: string): Color => {
    const { r, g, b } = lrgb(colour)!;
    const row = (i: number): number => unit(m[i]! * r + m[i + 1]! * g + m[i + 2]! * b);
    return { mode: 'lrgb', r: row(0), g: row(3), b: row(6) } satisfies Lrgb;
  };
const SIGHTS = {
  normal: (colour: string): Color => lrgb(colour)!,
  protan: through([0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998]),
  deutan: through([0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881]),
  tritan: through([1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039]),
};

/** Those that stand beside each other on the map: ram_rw, logdirty, ro, mmio_dm, mmio_direct, grant, shared, type 15. */
const EIGHT = [0, 2, 3, 4, 5, 7, 12, 15].map((type) => {
  const { fill, outline } = TYPE_LOOKS[type]!;
  return (type === 4 ? outline : fill)!;
});
const difference = differenceCiede2000();
const pairs = <T>(of: readonly T[]): [T, T][] => of.flatMap((a, i) => of.slice(i + 1).map((b): [T, T] => [a, b]));

describe.each(Object.entries(THEMES))('in the %s theme', (_, theme) => {
  const of = (name: string): string => theme[name]!;
  const contrast = (a: string, b: string): number => wcagContrast(of(a), of(b));

  test('text has a contrast of 4.5 at least on each ground it stands on', () => {
    const texts = [
      ...['--ink', '--ink-2', '--ink-3'].flatMap((ink) => ['--paper', '--raised'].map((ground) => [ink, ground])),
      ['--ink-3', '--t-ram-rw'],
      ...['--paper', '--raised', '--violation-soft'].map((ground) => ['--violation', ground]),
      ['--paper', '--ink'],
    ] as [string, string][];
    expect(texts.filter(([a, b]) => Math.round(contrast(a, b) * 10) / 10 < 4.5)).toEqual([]);
  });

  test('a mark has a contrast of 3 at least on paper and on plain memory', () => {
    const marks = ['--edge', '--violation', ...EIGHT.slice(1)];
    const low = marks.flatMap((mark) =>
      ['--paper', '--t-ram-rw']
        .filter((ground) => Math.round(contrast(mark, ground) * 10) / 10 < 3)
        .map((g) => [mark, g]),
    );
    expect(low).toEqual([]);
  });

  test('the hatch of a pending change has a contrast of 3 at least on plain memory', () => {
    const on = (hatch: string): number => wcagContrast(blend([of('--t-ram-rw'), of(hatch)]), of('--t-ram-rw'));
    expect([on('--hatch-high') >= 3, on('--hatch-low') >= 3]).toEqual([true, true]);
  });

  test.each(Object.entries(SIGHTS))(
    'two types, and a type and the red, differ by 12 at least to %s sight',
    (_name, sees) => {
      const colours = [...EIGHT, '--violation'];
      const near = pairs(colours).filter(([a, b]) => difference(sees(of(a)), sees(of(b))) < 12);
      expect(near).toEqual([]);
    },
  );
});

test('the smallest differences of two types are these: normal, protan, deutan, tritan', () => {
  const least = (theme: Record<string, string>, sees: (colour: string) => Color): number =>
    Math.min(...pairs(EIGHT).map(([a, b]) => difference(sees(theme[a]!), sees(theme[b]!))));
  const rounded = Object.fromEntries(
    Object.entries(THEMES).map(([name, theme]) => [
      name,
      Object.values(SIGHTS).map((sees) => Math.round(least(theme, sees) * 10) / 10),
    ]),
  );
  expect(rounded).toEqual({ light: [19.3, 12.8, 12, 12.5], dark: [14.7, 12.1, 13.2, 13.8] });
});
