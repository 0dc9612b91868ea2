// A search begins at the places that the player finds.
import { expect, test } from 'vitest';
import { stepOf } from '../../explore/search/search-from';
import { readScenario } from '../../scenarios/base';
import type { Place } from '../../scenarios/lesson';
import { SCENARIOS } from '../../scenarios';
import { at, shipped, tool } from './testing';

test.each(['sweep-nothing', 'first-light', 'npt'])('%s: places are where the player finds them', async (name) => {
  const { places } = (await shipped(name)).questioned;
  const read = await readScenario(await SCENARIOS.find((one) => one.name === name)!.load());
  if (!read.ok) expect.fail(JSON.stringify(read.problems));
  const events: Place[] = [
    { event: 'domain.unpause', nth: 1 },
    { event: 'dm.write', nth: 3 },
    { event: 'dm.sweep', nth: 2 },
    { event: 'xen.bug', nth: 1 },
  ];
  for (const place of [...[0, 1, 2].map((op) => at(0, op)), at(1, 0), tool(1), ...events]) {
    const step = places.step(place);
    expect([place, stepOf(read.scenario, place)]).toEqual([place, step === null ? null : step - 1]);
  }
  expect(stepOf(read.scenario, { step: 7 })).toBe(7);
});
