// Any scenario that the file format can say, on any Xen, runs: nothing is thrown, each step says what happened.
import { fc, test as prop } from '@fast-check/vitest';
import { expect } from 'vitest';
import { audit } from '../engine/audit';
import { XenBug } from '../engine/bug';
import { PRESETS } from '../engine/patches';
import { History } from '../engine/history';
import { stuck } from '../engine/liveness';
import { World } from '../engine/world';
import { tableFrame } from '../engine/xengt/driver';
import { parseScenario, type Parsed } from './schema';

const size = fc.constantFrom(1, 2, 4, 8);
const config = { memory: 16 * 2 ** 20, tablePages: 'contiguous' } as Parameters<typeof tableFrame>[0];
/** Tables of the driver, plain RAM, the BIOS, VGA memory, the GPU's registers and its PVINFO page, nothing. */
const page = fc.constantFrom(
  ...[0, 1, 2, 3].map((n) => tableFrame(config, n)),
  ...[0x300, 0xc0, 0xa0, 0xf0000, 0xf0078, 0xf0fff, 0xfffff, 0x9f],
);
/** Where an access of `size` bytes may begin. */
const place = (bytes: number) =>
  fc
    .tuple(page, fc.constantFrom(0, 1, 2, 0x103, 0x104, 511))
    .map(([gfn, slot]) => gfn * 4096 + Math.min(slot * 8, 4096 - bytes));
const access = <T extends object>(more: (bytes: number) => fc.Arbitrary<T>) =>
  size.chain((bytes) => fc.tuple(place(bytes), more(bytes)).map(([gpa, rest]) => ({ gpa, size: bytes, ...rest })));
const value = (bytes: number) => fc.constantFrom(0, 4, 5, 83, 2 ** (8 * Math.min(bytes, 4)) - 1);
const port = fc.constantFrom(0xcf8, 0xcfc, 0x3c4);

const op = fc.oneof(
  access(() => fc.constant({ op: 'read' })),
  access((bytes) => fc.record({ op: fc.constantFrom('write', 'hypercall', 'rmw'), value: value(bytes) })),
  access((bytes) =>
    fc.record({
      op: fc.constant('stos'),
      value: value(bytes),
      count: fc.integer({ min: 1, max: 9 }),
      direction: fc.constantFrom('up', 'down'),
    }),
  ),
  place(1).map((gpa) => ({ op: 'exec', gpa })),
  fc.record({ op: fc.constant('in'), port, size: fc.constantFrom(1, 2, 4) }),
  fc.record({ op: fc.constant('out'), port, size: fc.constant(4), value: fc.constantFrom(0, 0x80001000) }),
);
const driverOp = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom({ op: 'ppgtt_create' }, { op: 'ppgtt_destroy' }) },
  {
    weight: 2,
    arbitrary: fc.record({
      op: fc.constantFrom('bind', 'unbind'),
      gma: fc.constantFrom(0, 4096, 2 ** 21),
      size: fc.constantFrom('4 KiB', '8 KiB'),
    }),
  },
);
const toolOp = fc.oneof(
  fc.record({ op: fc.constant('wait'), vcpu: fc.constantFrom(0, 1), done: fc.integer({ min: 0, max: 3 }) }),
  fc.constantFrom({ op: 'detach' }, { op: 'attach' }, { op: 'kill' }),
  fc.record({ op: fc.constant('log_dirty'), on: fc.boolean() }),
  page.filter((gfn) => gfn >= 0x100 && gfn < 0x1000).map((gfn) => ({ op: 'balloon', gpa: gfn * 4096, size: '4 KiB' })),
  fc
    .constantFrom(
      'create_ioreq_server',
      'destroy_ioreq_server id=2',
      'map_mem_type_to_ioreq_server id=1 flags=0',
      'map_mem_type_to_ioreq_server id=1 flags=2',
      'set_ioreq_server_state id=1 enabled=1',
      `set_mem_type first_pfn=${tableFrame(config, 3)} type=ram_rw`,
      'set_mem_type first_pfn=0x300 nr=2 type=ioreq_server',
      'map_io_range_to_ioreq_server id=2 start=0x300000 end=0x300fff',
    )
    .map((line) => ({ op: 'call', line })),
);

const scenario = fc.record({
  format: fc.constant(1),
  title: fc.constant('Whatever'),
  version: fc.constantFrom(...PRESETS.map(({ name }) => name)),
  guest: fc.record({
    memory: fc.constant('16 MiB'),
    tables: fc.constant('contiguous'),
    mapping: fc.constantFrom('4 KiB', '2 MiB'),
    paging: fc.constantFrom('EPT', 'NPT'),
  }),
  devices: fc.constantFrom({}, { qemu: 'synchronous' }, { qemu: 'buffered' }, { qemu: 'atomic' }),
  seed: fc.nat({ max: 2 ** 32 - 1 }),
  toolstack: fc.array(toolOp, { maxLength: 5 }),
  vcpus: fc.tuple(
    fc
      .array(fc.oneof(driverOp, op), { minLength: 1, maxLength: 8 })
      .map((ops) => [{ op: 'ppgtt_create' }, { op: 'bind', gma: 0, size: '4 KiB' }, ...ops]),
    fc.array(op, { minLength: 3, maxLength: 8 }),
  ),
});

/** What the run should have gone on with. */
function left({ p2mLock, xengt, qemu }: World): string[] {
  const found: string[] = [];
  if (p2mLock !== null) found.push(`vCPU ${p2mLock} has the lock`);
  if (!xengt.idle) found.push('XenGT has work');
  if (qemu.serving !== null || qemu.ring?.pending) found.push('QEMU has work');
  return found;
}

/** A table that is cleared entry by entry, each through a device model, is three thousand steps; a program has a few at most. */
const MOST_STEPS = 40_000;

const run = (parsed: Parsed): string[] => {
  if (!parsed.ok) return parsed.problems.map(({ path, message }) => `${path}: ${message}`);
  const faults: string[] = [];
  const history = new History(new World(parsed.scenario.config));
  try {
    const over = history.run(MOST_STEPS, (events) => {
      if (events.length === 0) faults.push('a step without an event');
    });
    if (!over) faults.push('it has no end');
    audit(history.world);
    // Whoever has not come to the end of its program stopped for good, or tries one instruction in vain.
    const waiting = stuck(history.world).filter(({ why }) => why === 'unanswered');
    if (!history.world.stopped) faults.push(...waiting.map(({ vcpu }) => `vCPU ${vcpu} waits`));
    if (!history.world.stopped) faults.push(...left(history.world));
  } catch (error) {
    faults.push(error instanceof XenBug ? 'a BUG that nobody caught' : String((error as Error).stack));
  }
  return faults;
};

prop.prop([scenario], { numRuns: 300 })('a scenario comes to an end, and says all that happens', (file) => {
  const parsed = parseScenario(file);
  // A string may lead out of all that is there; that is said.
  if (!parsed.ok && parsed.problems.every(({ path }) => path.endsWith('.count'))) return;
  expect(run(parsed)).toEqual([]);
});
