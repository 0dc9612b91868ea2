// Runs side by side: where shipped scenarios part under two versions, by what, which patch makes it so, and what it has cost.
import { expect, test } from 'vitest';
import type { Changes } from '../../scenarios/schema';
import { SCENARIOS } from '../../scenarios';
import type { JobError } from '../job-error';
import { resultOf } from '../last';
import type { TwinFound, TwinTold } from './found';
import { twinJob, WINDOW } from './job';
import { DIFFERS } from './part';
import type { Chance } from './found';

const twin = (told: TwinTold): Promise<TwinFound> => resultOf(twinJob(told));
async function shipped(name: string, variants: readonly Changes[], more: Partial<TwinTold> = {}): Promise<TwinFound> {
  const scenario = await SCENARIOS.find((one) => one.name === name)!.load();
  return twin({ scenario, variants, ...more });
}
/** What became of the instruction at the pin, by side. */
const atPin = ({ pin }: TwinFound) =>
  pin!.sides.map(({ row }) => row && [row.outcome, row.role, row.retries, ...row.refused.map(({ errno }) => errno)]);
const decided = ({ pin }: TwinFound) => {
  const by = pin!.decided;
  return by.by === 'patch' ? [by.patch, by.on, by.alone] : [by.by];
};

/** Asked for once: it is the longest of them. */
const wall = shipped('range-wall', [{}, { version: 'claim' }]);

test('v7 against the claim: they part at the first table page past the cap, ENOMEM against none', async () => {
  const found = await wall;
  expect([found.length, found.pin!.at, found.pin!.call, found.pin!.groups]).toEqual([605, 509, null, [0, 1]]);
  expect(atPin(found)).toEqual([
    ['forwarded', 'xengt', 0, 'ENOMEM'],
    ['forwarded', 'xengt', 0],
  ]);
  const [a, b] = found.pin!.sides;
  const refused = a!.events.find(({ errno }) => errno)!;
  expect([refused.code, refused.step, a!.step]).toEqual(['dm.mapRange', 5354, 5354]);
  expect(b!.events.map(({ code }) => code)).toContain('dm.protect');
  expect(decided(found)).toEqual(['claim', true, true]);
  expect([found.differ, found.pages.length]).toEqual([{ all: 96, seen: 96, order: 0 }, 303]);
});

test('the state of each side at the pin: 256 ranges and a page unwatched, against one range and a claim', async () => {
  const { window, pin } = await wall;
  const at = [0, 1].map((side) => {
    const { to } = window.rows[side]![pin!.at - window.from]!;
    const { ranges, device, holder, xengt, entries } = window.states[side]!.findLast(({ step }) => step <= to)!;
    return { ranges, device, holder, xengt, entries };
  });
  expect(at).toEqual([
    { ranges: 256, device: 1, holder: null, xengt: false, entries: 255 },
    { ranges: 1, device: 1, holder: 1, xengt: true, entries: 256 },
  ]);
});

test('costs and rules at the end, by side', async () => {
  const { sides } = await wall;
  expect(sides.map(({ costs }) => [costs.rangeComparisons, costs.exits, costs.hypercalls])).toEqual([
    [111_809, 557, 814],
    [3, 605, 608],
  ]);
  expect(sides.map(({ heap }) => heap)).toEqual([12_288, 48]);
  const rule = (side: number, name: string) => sides[side]!.audit.find((one) => one.rule === name)!.state;
  expect([rule(0, 'shadow.equals'), rule(1, 'shadow.equals')]).toEqual(['broken', 'holds']);
  expect([rule(0, 'owner.one'), rule(1, 'owner.one')]).toEqual(['none', 'holds']);
});

test('the sweep that swept nothing against the one that sweeps: the second claim, EBUSY against granted', async () => {
  const found = await shipped('sweep-nothing', [{}, { version: 'claim' }]);
  expect([found.pin!.at, found.pin!.call]).toEqual([13, { code: 'dm.claim', n: 1 }]);
  expect(found.pin!.sides.map(({ step, events }) => [step, events.at(-1)!.errno])).toEqual([
    [104, 'EBUSY'],
    [93, undefined],
  ]);
  expect(decided(found)).toEqual(['sweepResolves', true, true]);
});

test('the lock held through emulation or not: tried again and written, against lost', async () => {
  const found = await shipped('released-meanwhile', [{}, { patches: { off: ['lockThroughEmulation'] } }]);
  expect(atPin(found)).toEqual([
    ['plain', 'nobody', 1],
    ['lost', 'nobody', 0],
  ]);
  expect(decided(found)).toEqual(['lockThroughEmulation', false, true]);
  // The read after it shows the guest what it has lost.
  const { window, pin } = found;
  const read = [0, 1].map((side) => window.rows[side]![pin!.at + 1 - window.from]!.value);
  expect(read).toEqual([
    { low: 0x801083, high: 0 },
    { low: 0, high: 0 },
  ]);
  expect(window.differs[pin!.at + 1 - window.from]).toBe(DIFFERS.seen);
});

test('read halves: another value is stored', async () => {
  const found = await shipped('read-modify-write', [{ version: 'claim-alone' }, { version: 'claim' }]);
  expect(found.pin!.sides.map(({ row }) => row!.kind)).toEqual(['rmw', 'rmw']);
  const [a, b] = found.pin!.sides.map(({ row }) => row!.value!.low);
  expect(a).not.toBe(b);
  expect(decided(found)).toEqual(['rmwReads', true, true]);
});

test('a BUG comes before what it stops, and a guest that hangs never comes to what another goes on to', async () => {
  const bug = await shipped('bug-2019', [{}, { version: 'today' }]);
  expect([bug.pin!.call!.code, ...decided(bug)]).toEqual(['xen.bug', 'markLevel', true, true]);
  const dead = await shipped('device-model-died', [{}, { version: 'today' }]);
  expect([dead.pin!.sides.map(({ row }) => row?.outcome), dead.sides.map(({ instructions }) => instructions)]).toEqual([
    [undefined, 'plain'],
    [6, 9],
  ]);
  expect(decided(dead)).toEqual(['deadServerReset', true, true]);
});

test('another design that comes to the same never parts, whatever it costs; one that does not parts by design', async () => {
  const same = await shipped('first-light', [{}, { design: 'page_track' }]);
  expect([same.pin, same.differ.seen, same.sides.map(({ steps }) => steps)]).toEqual([null, 0, [397, 309]]);
  const other = await shipped('out-of-sync', [{}, { design: 'xen' }]);
  expect([other.pin!.at, ...decided(other)]).toEqual([7, 'design']);
});

test('four sides: those that come to the same are one group', async () => {
  const { pin, window } = await shipped('sweep-nothing', [
    {},
    { version: 'claim' },
    { version: 'today' },
    { version: 'claim-sync' },
  ]);
  expect(pin!.groups).toEqual([0, 1, 1, 0]);
  expect(window.groups.map((groups) => groups[0])).toEqual([0, 0, 0, 0]);
});

test('of a long run a stretch is told: about the pin, or where it is asked for', async () => {
  const body = [{ op: 'write', gpa: '0x20_0000', value: 5 }];
  const scenario = {
    ...{ format: 2, title: 'Long', version: 'claim', guest: { memory: '16 MiB', tables: 'contiguous' } },
    vcpus: [[{ op: 'ppgtt_create' }, { op: 'loop', times: 3000, stride: 8, body }, { op: 'ppgtt_create' }]],
  };
  const told = { scenario, variants: [{}, { version: 'before-v7' }] };
  const { length, window, pin, bins, differing } = await twin({ ...told, from: 1000 });
  expect([length, pin!.at, window.from, window.to, [...differing]]).toEqual([3006, 2, 1000, 1000 + WINDOW, [2, 3005]]);
  expect(window.rows.map((rows) => [rows.length, rows.filter((row) => row === null).length])).toEqual([
    [WINDOW, 0],
    [WINDOW, 0],
  ]);
  // What is so at its beginning is told by the first state.
  expect(window.states.map(([first]) => first!.step <= window.rows[0]![0]!.from)).toEqual([true, true]);
  expect([bins.size, bins.differs.length]).toEqual([6, 501]);
  const about = await twin(told);
  expect([about.window.from, about.pin]).toEqual([0, pin]);
});

test.each<[string, Changes, Chance, number, number]>([
  // Eight vCPUs, one ring: in B's order A finds it as B does, each time. B holds a lock that makes A's order another.
  ['vga-full', { version: 'today' }, 'a', 7, 7],
  // The claim comes while A sweeps, or after it; B has swept when the release returns, whatever comes then.
  ['asynchronous-reset', { version: 'claim' }, 'a', 0, 0],
  // Without the lock it takes the toolstack to come in between; with it, that does no harm.
  ['released-meanwhile', { patches: { off: ['lockThroughEmulation'] } }, 'b', 2, 0],
  ['read-modify-write', { patches: { off: ['rmwReads'] } }, 'against', 1, 0],
  ['bug-2019', { version: 'today' }, 'none', 2, 0],
])('%s under %j: cause or chance', async (name, other, chance, seen, order) => {
  const found = await shipped(name, [{}, other]);
  expect([found.pin!.chance, found.differ.seen, found.differ.order]).toEqual([chance, seen, order]);
});

test('a race that neither side has any part in: which of two vCPUs comes first is chance, and all that differs after it, too', async () => {
  const scenario = {
    ...{ format: 2, title: 'Race', version: 'claim', seed: 4, guest: { memory: '16 MiB', tables: 'contiguous' } },
    vcpus: [
      [{ op: 'ppgtt_create' }, { op: 'write', gpa: '0x80_0000', value: 1 }],
      [{ op: 'loop', times: 40, body: [{ op: 'read', gpa: '0x80_0000' }] }],
    ],
  };
  const { pin, differ, window } = await twin({ scenario, variants: [{}, { version: 'v7' }] });
  expect([pin!.chance, pin!.at, differ]).toEqual(['order', 34, { all: 3, seen: 3, order: 3 }]);
  expect(pin!.sides.map(({ row }) => [row!.vcpu, row!.value!.low])).toEqual([
    [1, 1],
    [1, 0],
  ]);
  expect(window.differs[34]).toBe(DIFFERS.order);
});

test('fewer than two sides, or more than four, are refused', async () => {
  const refused = await shipped('sweep', [{}]).catch((error: unknown) => error);
  expect((refused as JobError).problems).toEqual([{ path: 'variants', message: 'must be 2 to 4' }]);
});
