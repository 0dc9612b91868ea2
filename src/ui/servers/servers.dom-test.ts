import { fireEvent, render, screen, within } from '@testing-library/svelte';
import { afterEach, expect, test } from 'vitest';
import { server, sized, fakeSession, text } from '../view-testing';
import ServersPane from '../ServersPane.svelte';
import Gauge from '../Gauge.svelte';
import Ring from './Ring.svelte';

let size: { restore(): void } | undefined;
afterEach(() => size?.restore());

const page = (gfn: number) => ({ start: BigInt(gfn * 4096), end: BigInt(gfn * 4096 + 4095) });
const bar = { start: 0xf000_0000n, end: 0xf0ff_ffffn };
const qemu = server({
  id: 2,
  name: 'QEMU',
  isDefault: true,
  ring: { read: 509, write: 512, pending: 3, cap: 511, atomic: false },
});

test('the servers come with their claim, how full they are, and the state of each slot', () => {
  const servers = [server({ claim: 2, entries: 1093, memory: [bar, page(5)] })];
  const slots = [{ vcpu: 0, server: 1, state: 2, orphaned: false }];
  render(ServersPane, { session: fakeSession({ servers, slots }) });
  expect(text('ul')).toBe('1 XenGT claimed, WRITE; 1 093 entries memory 2 port 0 pci 0');
  expect(screen.getAllByRole('img').map((gauge) => gauge.getAttribute('aria-label'))).toEqual([
    '2 of 256 memory ranges used',
  ]);
  expect(screen.getByText('INPROCESS').tagName).toBe('STRONG');
});

test('the default server comes with its ring, and with a slot where a request is under way', () => {
  const slots = [0, 1].map((vcpu) => ({ vcpu, server: 2, state: vcpu, orphaned: false }));
  render(ServersPane, { session: fakeSession({ servers: [qemu], slots }) });
  expect(text('section')).toBe(
    'ioreq servers ranges of 256 2 QEMU default: takes what nobody else does ring 3 of 511 read 509, write 512 QEMU vCPU 1 NONEREADY, nowINPROCESSRESP_READY',
  );
  expect(screen.getAllByRole('img').map((gauge) => gauge.getAttribute('aria-label'))).toEqual([
    '3 of 511 slots of the buffered ring filled',
  ]);
});

test('of many slots those without a request are counted, not drawn', () => {
  const slots = (state: number) =>
    Array.from({ length: 8 }, (_, vcpu) => ({ vcpu, server: 1, state: vcpu === 3 ? state : 0, orphaned: false }));
  const { unmount } = render(ServersPane, { session: fakeSession({ slots: slots(1) }) });
  expect([screen.getAllByText(/^slot vCPU/).length, screen.getByText('7 more slots: NONE') !== null]).toEqual([
    1,
    true,
  ]);
  unmount();
  render(ServersPane, { session: fakeSession({ slots: slots(0) }) });
  expect(text('section')).toBe('ioreq servers No server. create_ioreq_server 8 slots: NONE');
});

test('a request whose server is gone says that nobody will answer it', () => {
  const slots = [{ vcpu: 1, server: 1, state: 1, orphaned: true }];
  render(ServersPane, { session: fakeSession({ servers: [qemu], slots }) });
  const row = screen.getByText(/server 1 is gone, nobody will answer/);
  expect(row.textContent?.replace(/\s+/g, ' ').trim()).toBe('slot vCPU 1 READY server 1 is gone, nobody will answer');
});

test('a name of 64 characters keeps its end, and is whole on hover', () => {
  const name = 'a-device-model-with-a-name-of-sixty-four-characters-for-gvt-dom7';
  render(ServersPane, { session: fakeSession({ servers: [server({ name })] }) });
  const shown = screen.getByTitle(name);
  expect(shown.textContent).toBe('a-device-mode…gvt-dom7');
});

test('a gauge is full at its cap and no longer past it', () => {
  const width = (value: number): number => {
    const { container, unmount } = render(Gauge, { value, cap: 256, name: 'used' });
    const used = Number(container.querySelector('.used')!.getAttribute('width'));
    unmount();
    return used;
  };
  expect([width(0), width(1), width(128), width(256), width(300)]).toEqual([0, 2, 52, 104, 104]);
});

test('the ring names both hands with their pointers and slots, and how much is filled', () => {
  render(Ring, { ring: { read: 718, write: 756, pending: 38, cap: 511, atomic: false } });
  expect(screen.getByRole('img').getAttribute('aria-label')).toBe('38 of 511 slots of the buffered ring filled');
  expect(text('figcaption')).toBe('read 718, slot 207write 756, slot 245');
  expect(document.querySelector('.filled')!.getAttribute('d')).not.toBe('');
});

/** The full view; waits until its parts are loaded. */
async function full(picture: object, more: object = {}, info: object = {}) {
  size = sized(1200, 700);
  // A short form as high as its pane would be one in a column: of the two only the pane's height counts here.
  const short = Object.getOwnPropertyDescriptor(HTMLElement.prototype, 'clientHeight')!;
  Object.defineProperty(HTMLElement.prototype, 'clientHeight', {
    configurable: true,
    get(this: HTMLElement) {
      return this.tagName === 'DIV' && this.classList.contains('short') ? 100 : 700;
    },
  });
  const session = fakeSession(picture, info, more);
  render(ServersPane, { session });
  const axes = await screen.findByRole('group', { name: 'Ranges of each server by address' });
  Object.defineProperty(HTMLElement.prototype, 'clientHeight', short);
  return { session, axes };
}

const WALL = [...Array.from({ length: 255 }, (_, i) => page(0x6000 + 16 * i)), bar];

test('with room the ranges lie on an axis, narrow ones in a strip, against their cap', async () => {
  const { axes } = await full({ servers: [server({ memory: WALL }), qemu] });
  const marks = within(axes).getAllByRole('button');
  expect(marks.map((mark) => mark.getAttribute('aria-label'))).toEqual([
    'XenGT, memory: 255 ranges within 0x6000000 to 0x6fe0fff',
    'XenGT, memory: 0xf0000000 to 0xf0ffffff, 16 MiB',
  ]);
  expect(within(axes).getByText('256 of 256').classList.contains('full')).toBe(true);
  expect(within(axes).getByRole('img').getAttribute('aria-label')).toBe('256 of 256 ranges used: memory');
  expect([within(axes).getByText('port: no range'), within(axes).getByText('pci: no range')]).toHaveLength(2);
});

test('marks are one stop of the Tab key; arrows go along them and Enter selects the first frame', async () => {
  const { session, axes } = await full({ servers: [server({ memory: WALL })] });
  const marks = within(axes).getAllByRole<HTMLElement>('button');
  expect(marks.map((mark) => mark.getAttribute('tabindex'))).toEqual(['0', '-1']);
  marks[0]!.focus();
  await fireEvent.keyDown(marks[0]!, { key: 'ArrowRight' });
  expect([document.activeElement, session.pointed]).toEqual([marks[1], 0xf0000]);
  await fireEvent.keyDown(marks[1]!, { key: 'Enter' });
  expect(session.asked.select).toHaveBeenLastCalledWith(0xf0000);
});

test('the list has every range, of which only those in sight exist; a row selects its first frame', async () => {
  const { session } = await full({ servers: [server({ memory: WALL })] });
  const grid = screen.getByRole('grid', { name: 'All ranges' });
  const rows = within(grid).getAllByRole('row').slice(1);
  expect([grid.getAttribute('aria-rowcount'), rows.length < 60]).toEqual(['257', true]);
  expect(
    within(rows[1]!)
      .getAllByRole('gridcell')
      .map((cell) => cell.textContent),
  ).toEqual(['XenGT', 'memory', '0x6010000', '0x6010fff', '4 KiB']);
  await fireEvent.click(rows[1]!);
  expect(session.asked.select).toHaveBeenLastCalledWith(0x6010);
});

test('kinds that the version or the design has beside the three are there with what they count', async () => {
  const servers = [
    server({
      port: [{ start: 0x3c0n, end: 0x3dfn }],
      pci: [{ start: 0x10n, end: 0x10n }],
      others: [{ kind: 'wp_mem', ranges: [{ start: 0x600n, end: 0x603n }] }],
      pages: { by: 'hash', frames: [0x700, 0x701], of: 2, most: 1 },
    }),
  ];
  const { axes } = await full({ servers });
  expect(
    within(axes)
      .getAllByRole('heading')
      .map((h) => h.textContent?.trim()),
  ).toEqual([
    'write-protected memory by guest frame',
    'hash table watched guest frames',
    'port I/O ports',
    'pci segment, bus, device, function',
  ]);
  expect(
    within(axes)
      .getAllByRole('button')
      .map((mark) => mark.getAttribute('aria-label')),
  ).toEqual([
    'XenGT, write-protected memory: 0x600 to 0x603, 16 KiB',
    'XenGT, hash table: 0x700, 4 KiB',
    'XenGT, hash table: 0x701, 4 KiB',
    'XenGT, port: 0x3c0 to 0x3df, 32 ports',
    'XenGT, pci: 0000:00:02.0, 1 function',
  ]);
  expect(within(axes).getByText('2 pages, 1 in a bucket')).not.toBe(null);
});

test('servers are listed as Xen searches them, with type and flags of a claim by name', async () => {
  const claimed = server({ id: 3, name: 'XenGT', claim: 2, types: [15], entries: 4 });
  await full({ servers: [claimed, server({ id: 1, name: 'server 1', enabled: false }), qemu] });
  expect(
    [...document.querySelectorAll('.full > ul li')].map((li) => li.textContent?.replace(/\s+/g, ' ').trim()),
  ).toEqual([
    '3 XenGT enabled ioreq_server READ is not set,WRITE is set, 4 entries',
    '1 server 1 disabled holds no claim',
    '2 QEMU default: takes what nobody else does',
  ]);
  const flags = [...document.querySelectorAll('.claim > strong')].map((flag) => flag.textContent);
  expect(flags).toEqual(['WRITE']);
});

test('the slot of each vCPU stands in its state', async () => {
  const slots = [0, 1].map((vcpu) => ({ vcpu, server: 1, state: vcpu * 2, orphaned: false }));
  await full({ servers: [server({})], slots });
  const rows = screen.getAllByRole('row', { name: /^XenGT vCPU/ });
  expect(rows.map((row) => row.querySelector('strong')!.textContent)).toEqual(['NONE, now', 'INPROCESS, now']);
});

test('what is drawn can be read as a table: servers, ranges, slots and ring', async () => {
  const servers = [server({ memory: [bar], claim: 2, types: [15], entries: 4 }), qemu];
  await full({ servers, slots: [{ vcpu: 0, server: 1, state: 1, orphaned: false }] });
  const twin = document.querySelector('[data-twin="servers"]')!;
  const rows = [...twin.querySelectorAll('tbody tr')].map((tr) =>
    [...tr.children].map((cell) => cell.textContent?.trim()),
  );
  expect(rows).toEqual([
    ['server 1', 'XenGT', 'enabled, claims ioreq_server, WRITE, 4 entries'],
    ['server 2', 'QEMU', 'default: takes what nobody else does'],
    ['memory', 'XenGT', '1 of 256'],
    ['memory range', 'XenGT', '0xf0000000 to 0xf0ffffff, 16 MiB'],
    ['port', 'XenGT', '0 of 256'],
    ['pci', 'XenGT', '0 of 256'],
    ['slot vCPU 0', 'XenGT', 'READY'],
    ['ring', 'QEMU', '3 of 511 slots of the buffered ring filled, read 509, write 512'],
  ]);
});
