/** The user's own scenario files, good and bad. */
import { readFileSync } from 'node:fs';
import { expect, test } from './fixtures';

const shipped = JSON.parse(readFileSync(new URL('../src/scenarios/shatter.json', import.meta.url), 'utf8')) as object;

test('a file of the user opens like a shipped one', async ({ sim }) => {
  const title = 'Mine: a small guest';
  await sim.opens(() => sim.openFile('mine.json', JSON.stringify({ ...shipped, title, guest: { memory: '16 MiB' } })));
  await expect(sim.map).toContainText('16 MiB');
  await sim.press('Shift+ArrowRight', 5);
  await expect(sim.sentence).toContainText('EPT violation');
});

test('a bad file is refused with every problem and its place; what was open stays', async ({ sim }) => {
  await sim.to(12);
  const hash = await sim.hash();
  const bad = { ...shipped, version: 'v9', guest: { memory: '3 MB' }, vcpus: [[{ op: 'bond' }]] };
  await sim.openFile('bad.json', JSON.stringify(bad));
  const refusal = sim.page.getByRole('alert');
  await expect(refusal).toContainText('3 problems');
  await expect(refusal).toContainText('guest.memory');
  await expect(refusal).toContainText('"3 MB" is no amount of bytes; write it like "64 KiB" or 65536');
  await expect(refusal).toContainText('vcpus[0][0].op');
  await expect(refusal).toContainText('must be one of "before-v7", "v7", "2016-02"');
  await refusal.getByRole('button', { name: 'Close' }).click();
  await expect(refusal).toBeHidden();
  await sim.at(12);
  expect(await sim.hash()).toBe(hash);
});

test('a file that is no JSON, and one of a newer format, say so', async ({ sim }) => {
  await sim.openFile('broken.json', '{ "format": 1, ');
  await expect(sim.page.getByRole('alert')).toContainText('is not JSON');
  await sim.openFile('newer.json', JSON.stringify({ ...shipped, format: 3 }));
  await expect(sim.page.getByRole('alert')).toContainText('made by a newer p2mscope');
});

test('a paging pool too small for the guest is named; one that only just holds it refuses the first split', async ({
  sim,
}) => {
  await sim.openFile('poor.json', JSON.stringify({ ...shipped, guest: { memory: '64 MiB', pool: 8 } }));
  await expect(sim.page.getByRole('alert')).toContainText('guest.pool');
  await sim.opens(() =>
    sim.openFile('tight.json', JSON.stringify({ ...shipped, guest: { memory: '64 MiB', mapping: '2 MiB', pool: 5 } })),
  );
  await sim.until('ENOMEM: Xen has no frame left to split the mapping', 40);
});
