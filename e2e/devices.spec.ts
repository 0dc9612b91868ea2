/** What goes on beside XenGT: the default server, a device model that dies, AMD's tables, a host that stops. */
import { expect, test } from './fixtures';

test('a write that nobody waits for goes into the ring, and QEMU takes it out', async ({ sim }) => {
  await sim.choose('Scenario', /^Writes that nobody waits for/);
  await sim.until('Xen queues the write of 0x11 for the default server');
  await expect(sim.servers).toContainText('1 of 511');
  await expect(sim.servers).toContainText('read 0, write 1');
  await sim.until('QEMU takes a queued write to 0xa0000 out of its ring');
  await expect(sim.servers).toContainText('0 of 511');
  await sim.until('Xen finds no range for port 0x3c4');
  await sim.until('QEMU takes the request of vCPU 0');
  await expect(sim.servers).toContainText('QEMU vCPU 0');
  await expect(sim.page.getByRole('button', { name: /^step \d+, QEMU: INPROCESS$/ })).not.toHaveCount(0);
});

test('a device model dies with a request in hand: it is never answered, and its vCPU stops', async ({ sim }) => {
  await sim.choose('Scenario', /^The device model dies/);
  await sim.until('XenGT dies');
  await expect(sim.servers).toContainText('server 1 is gone, nobody will answer');
  await sim.toEnd();
  await expect(sim.sentence).toContainText('Xen cannot emulate the access of vCPU 0: the vCPU stops.');
  await expect(sim.invariant('no vCPU blocked for ever')).toContainText('broken');
  await sim.page.getByRole('tab', { name: 'Intercepted writes' }).click();
  const writes = sim.page.getByRole('grid', { name: 'Intercepted writes' });
  await expect(writes.getByRole('row').last()).toContainText('orphaned');
});

test('on AMD the entry has its own bits, and a mark is met as a nested page fault', async ({ sim }) => {
  await sim.choose('Scenario', /^The same on AMD/);
  const entry = sim.page.getByRole('region', { name: 'NPT entry of frame' });
  await sim.until('XenGT makes the PML4', 60);
  await expect(entry.getByRole('button', { name: 'type 15' })).toBeVisible();
  await expect(entry.getByRole('button', { name: 'rw 0' })).toBeVisible();
  await sim.until('meets a marked NPT entry', 140);
  await expect(sim.page.getByRole('button', { name: /NPF, marked$/ })).not.toHaveCount(0);
});

test('a BUG ends the run, and every lane of a vCPU with it', async ({ sim }) => {
  await sim.choose('Scenario', /^Half a fix stops the host/);
  await sim.toEnd();
  await expect(sim.sentence).toContainText('BUG: Xen itself stops, and every domain on the host with it.');
  await expect(sim.page.locator('svg title', { hasText: 'vCPU 0 has stopped for good' })).toHaveCount(1);
});
