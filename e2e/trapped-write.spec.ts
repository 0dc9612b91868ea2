/** One trapped GTT write from the instruction to the shadow table and back, for both versions, value by value. */
import { expect, test } from './fixtures';

test('the claim series: a write to entry 61 of the PT travels to XenGT and into the shadow', async ({ sim }) => {
  await expect(sim.sentence).toContainText('The guest is built and paused');
  await expect(sim.census('ram_rw')).toHaveText('1\u202f048\u202f480');

  await sim.press('ArrowRight');
  await expect(sim.sentence).toContainText('XenGT becomes ioreq server 1');
  await sim.until('XenGT claims the type ioreq_server');
  await expect(sim.servers).toContainText('claimed, WRITE; 0 entries');

  // Three register writes announce the PPGTT, three entries lead to the PT.
  await sim.press('Shift+ArrowRight', 7);
  await sim.until("entry 61 of the guest's PT");
  await expect(sim.census('ioreq_server')).toHaveText('4');
  await expect(sim.entry).toContainText('0x5ade8');
  await expect(sim.field('type')).toHaveAccessibleName('type 15');
  await expect(sim.field('w')).toHaveAccessibleName('w 0');
  await expect(sim.field('r')).toHaveAccessibleName('r 1');
  await expect(sim.entry).toContainText('because XenGT claimed the type');
  await expect(sim.row(61)).toHaveText(/0x78000.*0x10f8000.*0, in flight/);
  await expect(sim.servers).toContainText('INPROCESS, now');
  await expect(sim.invariant('shadow = translation')).toContainText('not asked');
  await expect(sim.cost('exits').write).toHaveText('1');
  await expect(sim.cost('range comparisons').write).toHaveText('0');

  await sim.press('ArrowRight');
  await expect(sim.sentence).toContainText('entry 61 of the shadow PT: machine frame 0x10f8000');
  await expect(sim.row(61)).toHaveText(/0x78000.*0x10f8000.*0x10f8000/);
  await sim.until('vCPU 0 resumes');
  await expect(sim.servers).toContainText('NONE, now');
  await expect(sim.invariant('shadow = translation')).toContainText('holds');

  // And backwards through the same.
  await sim.press('ArrowLeft', 3);
  await expect(sim.sentence).toContainText("entry 61 of the guest's PT");
  await expect(sim.row(61)).toHaveText(/0, in flight/);
});

test('the v7 series: the same write goes by a range of its own page, and the type has its old name', async ({
  sim,
}) => {
  await sim.choose('Version of Xen', /^v7/);
  await sim.press('Shift+ArrowRight', 7);
  await sim.until("entry 61 of the guest's PT");
  await expect(sim.census('mmio_write_dm')).toHaveText('4');
  await expect(sim.field('w')).toHaveAccessibleName('w 0');
  await expect(sim.servers).toContainText('memory  5 port 0');
  await expect(sim.cost('range comparisons').write).not.toHaveText('0');
  await expect(sim.row(61)).toHaveText(/0x78000.*0x10f8000.*0, in flight/);
});

test('at the end the guest has dropped its tables and nothing is left of type 15, in either version', async ({
  sim,
}) => {
  for (const version of [/^Claim/, /^v7/]) {
    await sim.choose('Version of Xen', version);
    await sim.toEnd();
    await expect(sim.map.getByRole('row', { name: /ioreq_server|mmio_write_dm/ })).toHaveCount(0);
    await expect(sim.census('ram_rw')).toHaveText('1\u202f048\u202f480');
    await expect(sim.invariant('no trapped write lost')).toContainText('holds');
    await expect(sim.tables).toContainText('No GPU page table yet');
  }
});
