// Where a search begins: at a step, or before the first step of a place, by the choices of the file's own run.
import { describe, expect, test } from 'vitest';
import { SCENARIOS } from '../../scenarios';
import type { JobError } from '../job-error';
import { searchFrom } from './search-from';

const load = async (name: string): Promise<object> =>
  (await SCENARIOS.find((one) => one.name === name)!.load()) as object;

describe('the search of a file', () => {
  test('begins at its first image if it does not say, with the choices that led there if it does', async () => {
    const file = await load('proof-lock');
    const first = await searchFrom({ ...file, search: {} });
    expect([first.world.steps, first.before]).toEqual([0, []]);
    const begun = await searchFrom(file);
    expect([begun.world.steps, begun.before]).toEqual([4, [0x40, 0x40, 0x40, 0x40]]);
    expect(begun.scenario.search).toEqual({
      from: { event: 'domain.unpause', nth: 1 },
      depth: null,
      states: null,
      patches: null,
    });
    const other = await searchFrom(file, { version: 'v7' });
    expect(other.before).toEqual([0x40, 0x40, 0x40]);
  });

  test('that cannot begin where it says is refused, as a file with mistakes is', async () => {
    const file = await load('proof-lock');
    const problems = (input: object) => searchFrom(input).then(null, (error: JobError) => error.problems);
    expect(await problems({ ...file, search: { from: 'xen.bug' } })).toEqual([
      { path: 'search.from', message: 'the run never comes to xen.bug' },
    ]);
    expect(await problems({ ...file, search: { from: 9999 } })).toMatchObject([{ path: '' }]);
    expect(await problems({ ...file, search: { from: 'vcpu7[0]' } })).toMatchObject([{ path: 'search.from' }]);
  });
});
