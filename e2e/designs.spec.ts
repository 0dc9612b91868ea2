/** What tells the two versions apart, as a class would see it. */
import { expect, test } from './fixtures';

test('v7 runs into the wall of 256 ranges; with the claim series the same guest does not', async ({ sim }) => {
  await sim.choose('Scenario', /^The wall/);
  await sim.toEnd();
  await expect(sim.servers).toContainText('256');
  await expect(sim.invariant('shadow = translation')).toContainText('broken');
  await expect(sim.census('mmio_write_dm')).toHaveText('255');
  // From the finding to the step that made it.
  await sim.invariant('shadow = translation').getByRole('button').click();
  await sim.at(5357);
  await expect(sim.sentence).toContainText('vCPU 0 resumes');
  await sim.press('ArrowLeft', 3);
  await expect(sim.sentence).toContainText('ENOMEM: the rangeset is full');
  await sim.toEnd();
  const comparisons = Number((await sim.cost('range comparisons').total.textContent())!.replaceAll('\u202f', ''));
  expect(comparisons).toBeGreaterThan(100_000);

  await sim.choose('Version of Xen', /^Claim/);
  await sim.toEnd();
  await expect(sim.invariant('shadow = translation')).toContainText('holds');
  await expect(sim.census('ioreq_server')).toHaveText('303');
  await expect(sim.cost('range comparisons').total).toHaveText('3');
});

test('the box offers the whole history, and 4.7 lets nobody have the type', async ({ sim }) => {
  const box = sim.page.getByRole('combobox', { name: 'Version of Xen' });
  await expect(box.getByRole('option')).toHaveCount(18);
  await sim.choose('Scenario', /^One page changes/);
  await sim.choose('Version of Xen', /^Xen 4\.7/);
  await sim.until('EINVAL: Xen does not change the type', 60);
  await sim.toEnd();
  await expect(sim.census('mmio_write_dm')).toHaveCount(0);
  await sim.choose('Version of Xen', /^Today/);
  await sim.until('XenGT claims the type ioreq_server');
});

test('a refusal names its errno and says why, and the timeline leads to it', async ({ sim }) => {
  await sim.choose('Scenario', /^The wall/);
  await sim.toEnd();
  await sim.press('Shift+ArrowLeft');
  await expect(sim.sentence).toContainText('ENOMEM: the rangeset is full, XenGT cannot watch frame 0x');
  await expect(sim.sentence).toContainText('256 ranges are its cap');
});

test('changing one page of a guest mapped by 1 GiB entries shatters the gigabyte', async ({ sim }) => {
  await sim.choose('Scenario', /^One page changes/);
  await sim.until(/makes the PML4 in frame 0x[0-9a-f]+ a page of type ioreq_server/, 60);
  await expect(sim.cost('frames from the pool').write).toHaveText('513');
  await expect(sim.census('ioreq_server')).toHaveText('1');
  await expect(sim.entry.getByRole('button', { name: 'level 0, 4 KiB' })).toBeVisible();
  await sim.press('ArrowLeft');
  await expect(sim.entry.getByRole('button', { name: 'level 0, 4 KiB' })).toBeHidden();
});

test('the read half of a read-modify-write is served by Xen, the merged value goes to XenGT', async ({ sim }) => {
  await sim.choose('Scenario', /^Reading half/);
  // Three register writes, three upper entries, four of the buffer, then the first read-modify-write.
  await sim.press('Shift+ArrowRight', 11);
  await sim.until('Xen serves the read half itself: 0x801083');
  await sim.until(/entry 1 of the guest's PT is now 0x80109b/);
});

test('four million frames: the same journey, and the map counts them', async ({ sim }) => {
  await sim.choose('Scenario', /^Four million/);
  await expect(sim.census('ram_rw')).toHaveText('4\u202f194\u202f208');
  await sim.until('EPT violation', 20);
  await expect(sim.cost('exits').total).toHaveText('1');
});
