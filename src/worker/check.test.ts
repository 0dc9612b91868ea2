import { expect, test } from 'vitest';
import { EVERYTHING, SMALL } from '../scenarios/format-testing';
import { check } from './check';
import { Client } from './client';
import { serve } from './server';

test('a text is a scenario, or everything that is wrong with it is said', async () => {
  expect(await check(JSON.stringify(EVERYTHING))).toEqual([]);
  expect(await check('{ "format": 2, "base": "sweep" }')).toEqual([]);
  expect(await check(JSON.stringify({ ...SMALL, seed: -1, title: 7 }))).toEqual([
    { path: 'title', message: 'must be a text' },
    { path: 'seed', message: 'is below 0' },
  ]);
  expect(await check(' '.repeat(17 * 2 ** 20))).toMatchObject([
    { path: '', message: expect.stringContaining('16 MiB') as string },
  ]);
});

test('the worker answers it, and opens files that have a base, as text or parsed', async () => {
  const { port1, port2 } = new MessageChannel();
  serve(port2);
  const client = new Client(port1);
  try {
    const file = { format: 2, base: 'sweep', title: 'Mine' };
    expect(await client.check(JSON.stringify(file))).toEqual([]);
    expect(await client.check('{ "format": 2, "base": "swep" }')).toMatchObject([
      { path: 'base', hint: 'Perhaps "sweep" is meant.' },
    ]);
    for (const scenario of [file, JSON.stringify(file)])
      expect(await client.open(scenario, {})).toMatchObject({ title: 'Mine', base: 'sweep' });
  } finally {
    port1.close();
    port2.close();
  }
});
