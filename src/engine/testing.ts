/** For tests: small configurations, and random guests for property tests. */
import fc from 'fast-check';
import { defaultPool, MIB, PLAIN, RMW_OPS, type Config, type Op, type Size } from './config';
import { VERSIONS, type Version, type Xen } from './patches';
import { schedule } from './prng';
import { enabled, step, XENGT, type Choice } from './step';
import type { AnyEvent, EventCode, TraceEvent } from './trace';
import { World } from './world';
import { tableFrame } from './xengt/driver';

export function configOf(version: Version, programs: readonly (readonly Op[])[], more: Partial<Config> = {}): Config {
  const memory = more.memory ?? 16 * MIB;
  return {
    xen: VERSIONS[version],
    memory,
    order: 0,
    pool: defaultPool(memory, programs.length),
    rangeCap: 256,
    tablePages: 'scattered',
    programs,
    seed: 1,
    ...PLAIN,
    ...more,
  };
}

export const bind = (gma: number, pages: number, gfn = 0x800): Op => ({ op: 'bind', gma, pages, gfn });
export const unbind = (gma: number, pages: number): Op => ({ op: 'unbind', gma, pages });

/**
 * Lets the lowest enabled choice that `may` act do so, until an event of this code; answers all the events on the way.
 * Throws when nothing may act before.
 */
export function go(w: World, until: EventCode, may: (choice: Choice) => boolean = () => true): AnyEvent[] {
  const events: AnyEvent[] = [];
  while (!events.some(({ code }) => code === until)) {
    const choice = enabled(w).find(may);
    if (choice === undefined) throw new Error(`nothing may act, and no ${until}`);
    events.push(...step(w, choice));
  }
  return events;
}

/** Runs to the end, lowest choice first or by the scheduler's; answers the world and every event. */
export function runOut(config: Config, by: 'lowest' | 'schedule' = 'lowest'): { w: World; events: AnyEvent[] } {
  const w = new World(config);
  const events: AnyEvent[] = [];
  const pick = (): Choice | undefined => (by === 'lowest' ? enabled(w)[0] : schedule(enabled(w), config.seed, w.steps));
  for (let choice = pick(); choice !== undefined; choice = pick()) events.push(...step(w, choice));
  return { w, events };
}

/** Every event of a code. */
export const eventsOf = <C extends EventCode>(events: readonly AnyEvent[], code: C): TraceEvent<C>[] =>
  events.filter((event) => event.code === code) as unknown as TraceEvent<C>[];

/** The params of the first event of a code; throws when there is none. */
export function first<C extends EventCode>(events: readonly AnyEvent[], code: C): TraceEvent<C>['params'] {
  const [event] = eventsOf(events, code);
  if (!event) throw new Error(`no ${code} among ${events.map((e) => e.code).join()}`);
  return event.params;
}

const inARow = configOf('claim', [[]], { tablePages: 'contiguous' });
/** Frames of PML4, PDP, PD and PT in the guest that `bound` makes. */
export const [PML4, PDP, PD, PT] = [0, 1, 2, 3].map((n) => tableFrame(inARow, n)) as [number, number, number, number];

/**
 * A guest with a buffer of one page, frame 0x900, bound at GPU address 0, and vCPU 0 about to execute `ops`; `others` are
 * the programs of vCPUs that have not begun.
 */
export function bound(
  xen: Xen,
  ops: readonly Op[],
  more: Partial<Config> = {},
  others: readonly (readonly Op[])[] = [],
): World {
  const ready: Op = { op: 'read', gpa: 0x300000, size: 8 };
  const programs = [[{ op: 'ppgtt_create' } as const, bind(0, 1, 0x900), ready, ...ops], ...others];
  const w = new World({ ...inARow, programs, ...more, xen });
  go(w, 'guest.read', (choice) => choice === 0 || choice >= XENGT);
  return w;
}

/** Low words at byte `offset` of a guest's page, and of the shadow of one. */
export const guestWord = (w: World, gfn: number, offset = 0): number =>
  w.memory.read(w.mapped(gfn)!, offset, 8, { low: 0, high: 0 }).low;
export const shadowWord = (w: World, gfn: number, offset = 0): number =>
  w.memory.read(w.xengt.tables.mfn(w.xengt.tables.of(gfn)), offset, 8, { low: 0, high: 0 }).low;

const size = fc.constantFrom<Size>(1, 2, 4, 8);
const word = fc.nat({ max: 0xffffffff });

/** Plain memory, clear of page tables: frames 0x300 to 0x33f. */
const directOp: fc.Arbitrary<Op> = fc
  .record({
    kind: fc.constantFrom('write', 'read', 'rmw'),
    size,
    at: fc.nat({ max: 0x3ffff }),
    low: word,
    high: word,
    how: fc.constantFrom(...RMW_OPS),
  })
  .map(({ kind, size, at, low, high, how }): Op => {
    const gpa = 0x300000 + Math.floor(at / size) * size;
    const value = size === 8 ? { low, high } : { low: size === 4 ? low : low % 2 ** (size * 8), high: 0 };
    if (kind === 'read') return { op: 'read', gpa, size };
    return kind === 'write' ? { op: 'write', gpa, size, ...value } : { op: 'rmw', how, gpa, size, ...value };
  });

/** Buffers that overlap, share tables or lie far apart, so that tables come and go. */
const gma = fc
  .tuple(fc.constantFrom(0, 2 ** 21, 2 ** 30, 2 ** 39), fc.nat({ max: 3 }), fc.constantFrom(0, 4096, 510 * 4096))
  .map(([unit, n, offset]) => unit * n + offset);
const driverOp: fc.Arbitrary<Op> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(gma, fc.integer({ min: 1, max: 5 }), fc.nat({ max: 100 }))
      .map(([at, pages, n]) => bind(at, pages, 0x900 + n)),
  },
  { weight: 3, arbitrary: fc.tuple(gma, fc.integer({ min: 1, max: 5 })).map(([at, pages]) => unbind(at, pages)) },
  { weight: 1, arbitrary: fc.constant<Op>({ op: 'ppgtt_destroy' }) },
  { weight: 1, arbitrary: fc.constant<Op>({ op: 'ppgtt_create' }) },
  { weight: 1, arbitrary: fc.constant<Op>({ op: 'submit' }) },
);

/** A guest with a GPU driver on vCPU 0 and plain accesses on vCPU 1, of either version. */
export const guest: fc.Arbitrary<Config> = fc
  .record({
    version: fc.constantFrom<Version>('v7', 'claim'),
    driver: fc.array(driverOp, { maxLength: 8 }),
    other: fc.array(directOp, { maxLength: 12 }),
    seed: word,
    order: fc.constantFrom<0 | 9>(0, 9),
    tablePages: fc.constantFrom('scattered', 'contiguous'),
  })
  .map(({ version, driver, other, ...more }) => configOf(version, [[{ op: 'ppgtt_create' }, ...driver], other], more));
