/** Moving through a run: buttons, keys, timeline, playing, and that every way leads to the same state. */
import { PLAIN_SCENARIOS } from '../src/scenarios/course';
import { HASHES } from '../src/scenarios/hashes';
import { expect, test } from './fixtures';

test('the same scenario has the same hash in the browser as in Node: those that are no lessons', async ({ sim }) => {
  const box = sim.page.getByRole('combobox', { name: 'Scenario' });
  await expect(box.getByRole('option')).toHaveCount(Object.keys(HASHES).length);
  for (const { name, title } of PLAIN_SCENARIOS) {
    await sim.choose('Scenario', title);
    const steps = await sim.toEnd();
    expect({ name, steps, hash: await sim.hash() }).toEqual({ name, ...HASHES[name] });
  }
});

test('a step reached backwards, forwards and by the timeline is the same step', async ({ sim }) => {
  await sim.to(40);
  const hash = await sim.hash();
  const words = await sim.sentence.textContent();
  await sim.toEnd();
  expect(await sim.hash()).not.toBe(hash);
  await sim.timeline.focus();
  await sim.press('Home');
  await sim.at(0);
  await sim.press('ArrowRight', 45);
  await sim.press('ArrowLeft', 5);
  await sim.at(40);
  expect(await sim.hash()).toBe(hash);
  expect(await sim.sentence.textContent()).toBe(words);
});

test('buttons do what the keys do', async ({ sim }) => {
  const { page } = sim;
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const steps = await sim.steps();
  await button('To the end').click();
  await sim.at(steps);
  await expect(button('One step on')).toBeDisabled();
  await button('To the start').click();
  await sim.at(0);
  await expect(button('One step back')).toBeDisabled();
  await button('Next trapped write').click();
  await expect(sim.sentence).toContainText('an EPT violation, it leaves the guest');
  const words = await sim.sentence.textContent();
  await button('One step on').click();
  await expect(sim.sentence).not.toHaveText(words!);
  await button('One step back').click();
  await expect(sim.sentence).toHaveText(words!);
  await expect(sim.sentence).toContainText('an EPT violation');
  await expect(button('Previous trapped write')).toBeDisabled();
});

test('scrubbing the timeline with the pointer goes where the pointer is', async ({ sim }) => {
  const steps = await sim.steps();
  const box = (await sim.timeline.boundingBox())!;
  await sim.page.mouse.move(box.x + 2, box.y + box.height / 2);
  await sim.page.mouse.down();
  for (const part of [0.2, 0.4, 0.6, 0.8]) await sim.page.mouse.move(box.x + box.width * part, box.y + box.height / 2);
  await sim.page.mouse.move(box.x + box.width - 1, box.y + box.height / 2);
  await sim.page.mouse.up();
  await sim.at(steps);
});

test('playing runs to the end by itself, and a step ends it', async ({ sim }) => {
  await sim.page.getByRole('combobox', { name: 'Speed' }).selectOption('60 steps/s');
  await sim.page.getByRole('combobox', { name: 'Speed' }).blur();
  await sim.press(' ');
  await expect(sim.page.getByRole('button', { name: 'Pause', exact: true })).toBeVisible();
  await expect(sim.page.getByTestId('page')).toHaveAttribute('data-step', /^([2-9]\d|\d{3})$/);
  await sim.press('ArrowLeft');
  await expect(sim.page.getByRole('button', { name: 'Play', exact: true })).toBeVisible();
  const at = Number(await sim.page.getByTestId('page').getAttribute('data-step'));
  await sim.to(at);
});
