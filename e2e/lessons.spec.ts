/** The lessons: each from the list to its asserted end, and the list and the notes themselves. */
import AxeBuilder from '@axe-core/playwright';
import { COURSE } from '../src/scenarios/course';
import { HASHES } from '../src/scenarios/hashes';
import { expect, test } from './fixtures';

/** What the last sentence says, where it is not that a vCPU is done. */
const ENDS: Readonly<Record<string, string>> = { 'device-model-died': 'cannot emulate' };

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

test('each lesson is opened from the list and replays to its end', async ({ sim }) => {
  test.setTimeout(90_000);
  for (const { name, number, title } of COURSE) {
    await sim.lesson(new RegExp(`^${number} ${escaped(title)}`));
    const strip = sim.page.getByRole('region', { name: 'Lesson' });
    await expect(strip.getByRole('heading')).toHaveText(`Lesson ${number}: ${title}`);
    const steps = await sim.toEnd();
    expect({ name, steps, hash: await sim.hash() }).toEqual({ name, ...HASHES[name] });
    await expect(sim.sentence).toContainText(ENDS[name] ?? 'come to the end of its program');
  }
});

test('a lesson is found by time and level, opened by keys, and its notes go along and fold away', async ({ sim }) => {
  const { page } = sim;
  await sim.press('l');
  const list = page.getByRole('dialog', { name: 'Lessons' });
  const lessons = list.getByRole('list', { name: 'Lessons in their order' });
  await expect(lessons.getByRole('listitem')).toHaveCount(COURSE.length);
  await expect(lessons.locator('[aria-current]')).toContainText('First light');
  await list.getByRole('combobox', { name: 'Time' }).selectOption('5 min');
  await list.getByRole('combobox', { name: 'Level' }).selectOption('Changing');
  await expect(list.getByRole('status')).toHaveText(`1 of ${COURSE.length} lessons`);
  await expect(lessons.getByRole('listitem')).toContainText('After The life of an ioreq');
  const axe = new AxeBuilder({ page }).include('dialog');
  expect((await axe.analyze()).violations.map(({ id, nodes }) => ({ id, at: nodes.map((n) => n.html) }))).toEqual([]);

  await list.getByRole('combobox', { name: 'Level' }).focus();
  await sim.press('Tab');
  await expect(lessons.getByRole('button')).toBeFocused();
  await sim.opens(() => sim.press('Enter'));
  await expect(list).toBeHidden();

  const strip = page.getByRole('region', { name: 'Lesson' });
  await expect(strip).toContainText('killed between a question and its answer');
  // By its number: on the way there questions are put.
  await sim.palette('30');
  await sim.at(30);
  await expect(strip).toContainText('XenGT dies with the third request in hand');
  const height = (await strip.boundingBox())!.height;
  await sim.press('ArrowLeft');
  await sim.at(29);
  await expect(strip).toContainText('vCPU 1 writes plain RAM');
  expect((await strip.boundingBox())!.height).toBe(height);
  await strip.getByRole('button', { name: 'Fold the notes away' }).click();
  await expect(strip).not.toContainText('vCPU 1 writes plain RAM');
  await page.reload();
  await expect(strip.getByRole('button', { name: 'Show the notes' })).toBeVisible();
});
