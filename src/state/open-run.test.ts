// A run that was found elsewhere as a scenario file: the same choices, nothing of another run's.
import { expect, test } from 'vitest';
import { QEMU_TAKE, TOOLSTACK, XENGT } from '../engine/choice';
import { stateAt } from '../explore/begin';
import released from '../scenarios/released-meanwhile.json';
import { fileOfRun } from './open-run';

test('its choices are the script of a file, which asks and tells nothing of the scenario it comes from', async () => {
  const choices = [0, 0, 0, TOOLSTACK, XENGT, QEMU_TAKE];
  const file = await fileOfRun({ title: 'x'.repeat(130), scenario: released, choices, then: 'user', step: 5 });
  expect(file).toMatchObject({
    title: 'x'.repeat(120),
    version: 'claim',
    screen: 'race',
    start: 5,
    acts: [],
    schedule: { script: ['vcpu0 x3', 'toolstack', 'xengt', 'qemu take vcpu0'], then: 'user' },
  });
  expect(Object.keys(file)).not.toEqual(expect.arrayContaining(['lesson']));
  expect(Object.keys(file)).not.toEqual(expect.arrayContaining(['prompts']));
});

test('it comes to the state that the choices led to, what was done by hand included, with the changes of the page', async () => {
  const scenario = {
    base: 'released-meanwhile',
    format: 2,
    acts: [
      { step: 5, do: 'set_mem_type first_pfn=0x300 nr=1 type=HVMMEM_ram_ro' },
      { step: 9, do: 'schedule seed' },
    ],
  };
  const changes = { patches: { off: ['lockThroughEmulation'] }, memory: 2 ** 25 } as const;
  const { world, before } = await stateAt(scenario, changes, 12);
  const file = await fileOfRun({
    title: 't',
    scenario: JSON.stringify(scenario),
    changes,
    choices: before,
    then: 'user',
  });
  expect(file['acts']).toEqual([{ step: 5, do: 'set_mem_type first_pfn=0x300 nr=1 type=HVMMEM_ram_ro' }]);
  const again = await stateAt(JSON.parse(JSON.stringify(file)), {}, 12);
  expect(again.before).toEqual(before);
  expect(again.world.store.hash()).toBe(world.store.hash());
  expect(again.scenario.config.memory).toBe(2 ** 25);
});
