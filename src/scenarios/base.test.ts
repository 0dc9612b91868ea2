import { describe, expect, test } from 'vitest';
import { SCENARIOS } from '.';
import { readScenario, withBase } from './base';
import type { Scenario } from './schema';

const load = async (name: string) =>
  (await SCENARIOS.find((shipped) => shipped.name === name)!.load()) as Record<string, unknown>;
const read = async (file: unknown): Promise<Scenario | string[]> => {
  const result = await readScenario(file);
  return result.ok
    ? result.scenario
    : result.problems.map(({ path, message, hint }) => `${path}: ${message} | ${hint ?? ''}`);
};

test('a file takes what it does not have from its base, and names it', async () => {
  const sweep = (await read(await load('sweep'))) as Scenario;
  expect(await read({ format: 2, base: 'sweep' })).toEqual({ ...sweep, base: 'sweep' });
  const other = (await read({ format: 2, base: 'sweep', title: 'Mine', version: 'claim-sync', seed: 3 })) as Scenario;
  expect([other.title, other.version, other.config.seed, other.config.programs]).toEqual([
    'Mine',
    'claim-sync',
    3,
    sweep.config.programs,
  ]);
});

test('a guest is joined field by field', async () => {
  const file = await withBase({ format: 2, base: 'sweep', guest: { pool: 999 } });
  expect(file).toEqual({
    ...(await load('sweep')),
    base: 'sweep',
    guest: { ...((await load('sweep')).guest as object), pool: 999 },
  });
});

test('what is asked, told and searched of operations goes where there are others', async () => {
  const own = { prompts: [{ before: 3, ask: 'type' }] };
  const base = await load('sweep');
  expect(base.prompts).toBeDefined();
  const file = (await withBase({ format: 2, base: 'sweep', vcpus: [[]] })) as object;
  expect(['prompts', 'narration'].filter((field) => field in file)).toEqual([]);
  const proof = 'two-frames-two-vcpus';
  expect(await withBase({ format: 2, base: proof })).toHaveProperty('search');
  expect(await withBase({ format: 2, base: proof, toolstack: [] })).not.toHaveProperty('search');
  expect(await withBase({ format: 2, base: 'sweep', toolstack: [], ...own })).toMatchObject(own);
});

test('text is read, too, and of format 1', async () => {
  expect(await read('{ "format": 1, "base": "sweep" }')).toMatchObject({ base: 'sweep' });
  expect(await read('{')).toEqual([expect.stringContaining(': is not JSON: ')]);
});

describe('is refused', () => {
  test('a base that is not shipped, and nothing else is said', async () => {
    const [problem, ...more] = (await read({ format: 2, base: 'swep' })) as string[];
    expect(problem).toMatch(/^base: must be one of "what-is-a-p2m", .* \| Perhaps "sweep" is meant\.$/);
    expect(more).toEqual([]);
  });

  test.each([7, null, '__proto__', 'constructor', {}])('the base %j', async (base) => {
    expect(await read({ format: 2, base })).toEqual([expect.stringMatching(/^base: must be one of /)]);
  });

  test('what is wrong in the file beside its base', async () => {
    expect(await read({ format: 2, base: 'sweep', guest: { memory: '1 MiB' }, seed: -1 })).toEqual([
      'guest.memory: must be from 16 MiB to 64 GiB | ',
      'seed: is below 0 | ',
    ]);
    expect(await read({ format: 2, base: 'sweep', guest: 7 })).toEqual(['guest: must be an object { ... } | ']);
    expect(await read({ format: 3, base: 'sweep' })).toEqual([expect.stringMatching(/^format: is 3: made by a newer/)]);
  });
});

test('no shipped scenario needs more bases than are followed', async () => {
  for (const shipped of SCENARIOS) {
    const { name } = shipped;
    const { base } = (await shipped.load()) as { base?: string };
    const next = SCENARIOS.find((other) => other.name === base);
    const further = next ? ((await next.load()) as { base?: string }).base : undefined;
    expect([name, further]).toEqual([name, undefined]);
  }
});
