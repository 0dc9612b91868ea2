/**
 * An instruction by the user's hand is made as one of the program's would be: same events, same state, same costs; only the
 * program does not go on by it.
 */
import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { audit } from './audit';
import type { Access, Command } from './command';
import { RMW_OPS, type Config, type Op, type Size } from './config';
import { DESIGN_NAMES } from './designs';
import { PRESETS, VERSIONS } from './patches';
import { apply, COMMAND, enabled, isEnabled, step } from './step';
import { bind, bound, configOf, eventsOf, guestWord, PT, shadowWord } from './testing';
import type { AnyEvent } from './trace';
import { PHASE } from './vcpu';
import { World } from './world';

const { claim } = VERSIONS;
const by = (access: Access, vcpu = 0): Command => ({ op: 'access', vcpu, access });
const store = (gpa: number, low = 1): Access => ({ op: 'write', gpa, size: 8, low, high: 0 });

function hand(w: World, command: Command): readonly AnyEvent[] {
  apply(w, COMMAND, command);
  w.store.settle();
  return w.trace.events;
}
/** The lowest choice acts until nobody may. */
function rest(w: World): AnyEvent[] {
  const events: AnyEvent[] = [];
  for (let [choice] = enabled(w); choice !== undefined; [choice] = enabled(w)) events.push(...step(w, choice));
  return events;
}
const codes = (events: readonly AnyEvent[]): string[] => events.map(({ code }) => code);

describe('a write by hand', () => {
  test('to plain memory is made in one step, and the program goes on where it was', () => {
    const w = bound(claim, [store(0x300000, 7), store(0x300008, 8)]);
    const { pc } = w.vcpus[0]!;
    expect(codes(hand(w, by(store(0x300010, 9))))).toEqual(['guest.write']);
    expect(w.vcpus[0]).toMatchObject({ pc, kind: 0, phase: PHASE.running });
    expect(codes(rest(w))).toEqual(['guest.write', 'guest.write', 'guest.done']);
    expect([0, 8, 16].map((offset) => guestWord(w, 0x300, offset))).toEqual([7, 8, 9]);
  });

  test('to a page table is trapped, sent to XenGT and followed', () => {
    const w = bound(claim, []);
    expect(codes(hand(w, by(store(PT * 4096 + 8, 0x901003))))).toEqual(['exit.violation']);
    expect(codes(rest(w))).toEqual(
      expect.arrayContaining(['fault.emulate', 'ioreq.ready', 'dm.shadowEntry', 'vcpu.resume', 'guest.done']),
    );
    expect(guestWord(w, PT, 8)).toBe(0x901003);
    expect(shadowWord(w, PT, 8)).not.toBe(0);
    expect(() => audit(w)).not.toThrow();
  });

  test('starts a thread of its own: nothing led to it, and what follows follows from it', () => {
    const w = bound(claim, []);
    const [exit] = hand(w, by(store(PT * 4096 + 8, 0x901003)));
    const root = w.steps;
    expect([exit!.cause, w.book.lastRoot]).toEqual([null, root]);
    const [fault] = step(w, 0);
    expect([fault!.cause, w.book.lastRoot]).toEqual([{ step: root, index: 0 }, root]);
  });
});

describe('it can be given', () => {
  const w = bound(claim, [store(PT * 4096 + 8, 0x901003)], {}, [[{ op: 'read', gpa: 0x300000, size: 8 }]]);

  test('where nothing is latched', () => {
    expect(isEnabled(w, COMMAND, by(store(0x300000)))).toBe(true);
    const busy = w.fork();
    step(busy, 0);
    expect(isEnabled(busy, COMMAND, by(store(0x300000)))).toBe(false);
    expect(isEnabled(busy, COMMAND, by(store(0x300000), 1))).toBe(true);
    expect(isEnabled(new World(w.config), COMMAND, by(store(0x300000)))).toBe(false);
    expect(isEnabled(w, COMMAND, by(store(0x300000), 2))).toBe(false);
  });

  test('after the program, which then ends once more', () => {
    const over = w.fork();
    rest(over);
    expect(over.vcpus[1]!.phase).toBe(PHASE.done);
    expect(codes(hand(over, by(store(0x300000), 1)))).toEqual(['guest.write']);
    expect(over.vcpus[1]!.phase).toBe(PHASE.running);
    expect(codes(rest(over))).toEqual(['guest.done']);
    hand(over, by({ op: 'hypercall', gpa: 0x300000, size: 8, low: 5, high: 0 }, 1));
    expect(guestWord(over, 0x300)).toBe(5);
  });

  test.each<[string, Access]>([
    ['that is not aligned', { op: 'read', gpa: 0x300004, size: 8 }],
    ['past the RAM', { op: 'read', gpa: 0x1000000, size: 8 }],
    ['from a place that is none', { op: 'exec', gpa: -1 }],
    ['past the last port', { op: 'in', gpa: 0xffff, size: 2 }],
    ['that ends past the RAM', { op: 'stos', gpa: 0xffff00, size: 8, low: 0, high: 0, count: 33, down: false }],
    ['that ends before it', { op: 'stos', gpa: 8, size: 8, low: 0, high: 0, count: 3, down: true }],
  ])('but none %s', (_, access) => {
    expect(isEnabled(w, COMMAND, by(access))).toBe(false);
  });

  test('and goes into holes for devices', () => {
    expect(isEnabled(w, COMMAND, by({ op: 'read', gpa: 0xf0000000, size: 4 }))).toBe(true);
    expect(
      isEnabled(w, COMMAND, by({ op: 'stos', gpa: 0xfffff8, size: 8, low: 0, high: 0, count: 2, down: true })),
    ).toBe(true);
  });
});

const word = fc.nat({ max: 0xffffffff });
/** Tables of the guest's, plain memory, VGA memory, the GPU's registers, and PCI where nobody is. */
const place = fc.constantFrom(PT - 3, PT - 1, PT, 0x300, 0x301, 0xa0, 0xf0078, 0xe0000);
const access: fc.Arbitrary<Access> = fc
  .record({
    op: fc.constantFrom('write', 'write', 'read', 'rmw', 'exec', 'stos', 'stos', 'hypercall', 'out', 'in'),
    gfn: place,
    size: fc.constantFrom<Size>(1, 2, 4, 8),
    at: fc.nat({ max: 4095 }),
    low: word,
    how: fc.constantFrom(...RMW_OPS),
    count: fc.constantFrom(1, 2, 3, 600),
    down: fc.boolean(),
  })
  .map(({ op, gfn, size, at, low, how, count, down }): Access => {
    const gpa = gfn * 4096 + at - (at % size);
    const value = { low: size < 4 ? low % 2 ** (8 * size) : low, high: 0 };
    const narrow = size === 8 ? 4 : size;
    if (op === 'out') return { op, gpa: at, size: narrow, ...value };
    if (op === 'in') return { op, gpa: at, size: narrow };
    if (op === 'exec') return { op, gpa };
    if (op === 'read') return { op, gpa, size };
    if (op === 'rmw') return { op, how, gpa, size, ...value };
    return op === 'stos' ? { op, gpa, size, ...value, count, down } : { op, gpa, size, ...value };
  });

const run = fc.record({
  version: fc.constantFrom(...PRESETS.map(({ name }) => name)),
  design: fc.oneof({ weight: 3, arbitrary: fc.constant('xen' as const) }, fc.constantFrom(...DESIGN_NAMES)),
  qemu: fc.constantFrom(null, { bufioreq: 0 } as const, { bufioreq: 2 } as const),
  paging: fc.constantFrom<'ept' | 'npt'>('ept', 'ept', 'npt'),
  before: fc.array(access, { maxLength: 3 }),
  by: access,
  after: fc.array(access, { maxLength: 2 }),
});

property.prop([run], { numRuns: 100 })(
  'whatever it is, events and costs are those of the same instruction in the program',
  ({ version, design, qemu, paging, before, by: given, after }) => {
    // The driver finds that it is done when it is asked for its next write: a plain access comes after.
    const setUp: Op[] = [{ op: 'ppgtt_create' }, bind(0, 1, 0x900), { op: 'read', gpa: 0x300000, size: 8 }];
    const of = (ops: readonly Op[]): Config =>
      configOf(version, [[...setUp, ...ops]], { tablePages: 'contiguous', design, paging, defaultServer: qemu });
    const inProgram = new World(of([...before, given, ...after]));
    const byHand = new World(of([...before, ...after]));
    const place = setUp.length + before.length;
    if (!isEnabledSomewhere(byHand, given)) return;
    let done = false;
    for (let n = 0; n < 2000; n++) {
      const v = byHand.vcpus[0]!;
      const here = !done && v.kind === 0 && v.pc === place && isEnabled(byHand, COMMAND, by(given));
      const [choice] = enabled(inProgram);
      if (choice === undefined) break;
      const expected = step(inProgram, choice);
      if (here && choice === 0) {
        done = true;
        expect(hand(byHand, by(given))).toEqual(expected);
      } else expect(step(byHand, choice)).toEqual(expected);
      // A vCPU that tries in vain does so for ever.
      if (inProgram.vcpus[0]!.retries > 3) break;
    }
    expect(byHand.costs).toEqual(inProgram.costs);
    expect(byHand.steps).toBe(inProgram.steps);
    expect(eventsOf(byHand.trace.events, 'guest.done')).toEqual(eventsOf(inProgram.trace.events, 'guest.done'));
  },
);

/** Files, too, may have it: what is left out is out of the guest's memory. */
const isEnabledSomewhere = (w: World, given: Access): boolean => {
  const ready = w.fork();
  while (ready.vcpus[0]!.phase === PHASE.paused) step(ready, enabled(ready)[0]!);
  return isEnabled(ready, COMMAND, by(given));
};
