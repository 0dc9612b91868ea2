/** What tests of sweeps share: small sweeps, and points run to their ends. */
import { measure, type PointResult } from './point';
import { parseSweep } from './schema';
import { SWEEPS } from '.';
import type { Sweep } from './sweep';

export const SMALL = {
  sweep: 1,
  title: 'Small',
  variants: [
    { name: 'ranges', version: 'v7', ranges: 4 },
    { name: 'claim', version: 'claim' },
  ],
  parameters: [{ name: 'pages', values: [1, 3, 4] }],
  measures: ['cycles', 'lost'],
  guest: { accesses: 12 },
} as const;

export function sweepOf(input: unknown): Sweep {
  const parsed = parseSweep(input);
  if (!parsed.ok) throw new Error(parsed.problems.map(({ path, message }) => `${path}: ${message}`).join('\n'));
  return parsed.sweep;
}

export const shipped = async (name: string): Promise<Sweep> =>
  sweepOf(await SWEEPS.find((one) => one.name === name)!.load());

export function measured(sweep: Sweep, n: number): PointResult {
  const job = measure(sweep, n);
  for (;;) {
    const piece = job.next();
    if (piece.done) return piece.value;
  }
}
