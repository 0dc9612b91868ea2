/** Questions before a step: answered wrongly and run where it is true, by keys alone; to a class, in two votes; being Xen. */
import { readFile } from 'node:fs/promises';
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from './fixtures';
import type { Simulator } from './simulator';

const faults = async ({ page }: Simulator): Promise<string[]> =>
  (await new AxeBuilder({ page }).analyze()).violations.map(({ id }) => id);

/** The lesson of the sweep that sweeps nothing, with its questions on. */
async function lesson(sim: Simulator): Promise<void> {
  await sim.palette('Put the questions');
  await sim.choose('Scenario', /The sweep that swept nothing/);
}

test('a wrong answer says on which Xen it would be true, and is run there; Undo comes back; the answers are a file', async ({
  sim,
}) => {
  const { page } = sim;
  const question = page.getByRole('region', { name: 'Question', exact: true });
  await lesson(sim);
  await sim.toQuestion();
  await expect(question).toBeFocused();
  await expect(page.getByTestId('page')).toHaveAttribute('data-mode', 'predicting desk');
  await expect(question).toContainText('XenGT claims again. What is the answer?');
  const asked = Number(await page.getByTestId('page').getAttribute('data-step'));
  // Nobody goes past it.
  await sim.press('End');
  await sim.at(asked);
  const options = question.getByRole('group', { name: 'Answers' }).getByRole('button');
  expect((await options.allTextContents()).map((text) => text.trim()).at(-1)).toMatch(/Not sure$/);
  expect(await faults(sim)).toEqual([]);
  const done = options.filter({ hasText: '0: it is done' });
  const place = (await options.allTextContents()).findIndex((text) => text.includes('0: it is done'));
  await sim.press(String(place + 1));
  await expect(done).toHaveAttribute('aria-pressed', 'true');
  await expect(question.getByRole('button', { name: 'A guess' })).toBeFocused();
  await sim.press('Tab', 2);
  await sim.press('Enter');
  await expect(question).toContainText('Not so. You said: 0: it is done. What is true: EBUSY');
  await expect(question).toContainText('with "The sweep finds what it looks for"');
  const shown = await sim.settled();
  await question.getByRole('button', { name: 'What did you just see?' }).focus();
  await sim.press('Enter');
  await sim.press(String((await options.allTextContents()).findIndex((text) => text.includes('EBUSY')) + 1));
  await expect(question).toContainText('That is what it was.');
  await sim.press('Escape');
  await expect(question).toBeHidden();

  await sim.palette('Answers so far');
  const list = page.getByRole('dialog', { name: 'Answers so far' });
  await expect(list.getByRole('row').nth(1)).toContainText('not so');
  expect(await faults(sim)).toEqual([]);
  const download = page.waitForEvent('download');
  await list.getByRole('button', { name: 'Save as CSV' }).click();
  const csv = await readFile(await (await download).path(), 'utf8');
  expect(csv.split('\r\n')[1]).toContain(',0: it is done,know,');
  expect(csv.split('\r\n')[1]).toContain('wrong');
  expect(csv.split('\r\n')[1]).toContain('yes');
  await list.getByRole('button', { name: 'Ask again' }).click();
  await sim.at(0);
  await sim.toQuestion();
  await expect(question).toBeFocused();
  await sim.press(String(place + 1));
  await question.getByRole('button', { name: 'I know' }).click();
  await sim.opens(async () =>
    question.getByRole('button', { name: /^Run it there: .*finds what it looks for/ }).click(),
  );
  await expect(question).toBeHidden();
  await expect(sim.sentence).toContainText('XenGT claims the type ioreq_server, for writes.');
  await sim.opens(() => sim.press('Control+z'));
  await sim.at(shown);
  await expect(sim.sentence).toContainText('EBUSY:');
});

test('a class votes twice by raised hands, then sees what is true; a clicker does it all but the hands', async ({
  sim,
}) => {
  const { page } = sim;
  await page.setViewportSize({ width: 1280, height: 720 });
  await lesson(sim);
  await sim.press('p');
  const main = page.getByRole('main', { name: 'Presentation' });
  await expect(main).toBeFocused();
  await sim.toQuestion();
  const question = main.getByRole('region', { name: 'Question to the class' });
  await expect(question.getByRole('heading', { level: 2 })).toContainText('What is the answer?');
  const row = (text: string) => question.getByRole('button', { name: new RegExp(`${text}.*add a hand`) });
  await row('0: it is done').click({ clickCount: 3 });
  await row('EBUSY').click();
  await question
    .getByRole('button', { name: /^Take a hand from/ })
    .last()
    .click();
  await question.getByRole('spinbutton', { name: 'People in the room' }).fill('5');
  await sim.press('Enter');
  await expect(question).toContainText('First vote, alone');
  await expect(question).toContainText('4 hands');
  await expect(row('EBUSY')).not.toContainText('1');
  expect(await faults(sim)).toEqual([]);
  await sim.press('PageDown');
  await expect(question).toContainText('Second vote');
  await row('EBUSY').click({ clickCount: 4 });
  await expect(row('EBUSY')).toContainText('1, then 4');
  await sim.press('b');
  await expect(question).toBeHidden();
  await sim.press('.');
  await sim.press('PageDown');
  const truth = question.getByRole('listitem').filter({ hasText: 'right' });
  await expect(truth).toContainText('EBUSY');
  await expect(truth).toHaveAttribute('aria-current', 'true');
  await expect(question.getByRole('listitem').filter({ hasText: '0: it is done' })).toContainText('3, then 0');
  await sim.settled();
  const small = await main.evaluate((it) =>
    [...it.querySelectorAll('*')].flatMap((one) => {
      const text = [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent!.trim() !== '');
      const size = parseFloat(getComputedStyle(one).fontSize);
      return text && !one.closest('.unseen') && size < innerHeight * 0.03 - 0.01 ? [`${one.textContent} ${size}`] : [];
    }),
  );
  expect(small).toEqual([]);
  await sim.press('PageDown');
  await expect(question).toBeHidden();
  await sim.press('Escape');
  await sim.palette('Answers so far');
  const list = page.getByRole('dialog', { name: 'Answers so far' });
  await expect(list.getByRole('row').nth(1)).toContainText('0: it is done: 3, 0');
});

test('who is Xen is asked at a fault; on a phone nothing is cut off', async ({ sim }) => {
  const { page } = sim;
  await page.setViewportSize({ width: 390, height: 844 });
  await page
    .getByRole('button', { name: 'Commands' })
    .or(page.getByRole('tab', { name: 'More' }))
    .first()
    .focus();
  await sim.palette('You are Xen');
  const question = page.getByRole('region', { name: 'Question', exact: true });
  await sim.press('Shift+ArrowRight');
  await expect(question).toContainText('You are Xen: what must you do?');
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(wide).toBe(0);
  await question.getByRole('button', { name: /Not sure/ }).click();
  await expect(question).toContainText('What is true');
  const last = question.getByRole('button', { name: 'What did you just see?' });
  await last.scrollIntoViewIfNeeded();
  await expect(last).toBeInViewport({ ratio: 1 });
});
