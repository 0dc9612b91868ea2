/**
 * The scenario file of a point: a guest whose driver makes so many page tables, tells XenGT of them, and then writes to them, and
 * to other memory, as the point says. It is an ordinary file: whoever opens it sees the run that was measured.
 *
 * Every write takes an entry that is not present and leaves one that is not, in the last slot of a table, so that one costs
 * what another does, whatever the table's level. Writes are spread evenly over the pages.
 */
import { ELSP, G2V_NOTIFY, PDP0_HIGH, PDP0_LOW, PPGTT_L4_CREATE, PVINFO } from '../../engine/guest-layout';
import { lineOf, type Command } from '../../engine/command';
import { MIB, PAGE_SIZE } from '../../engine/config';
import { HVMMEM } from '../../engine/dm';
import { chance } from '../../engine/prng';
import { VERSIONS, type Xen } from '../../engine/patches';
import { switched } from '../../scenarios/xen-set';
import { frameOf, memoryFor, otherFrame, pagesOf, PLAIN_FRAME, runsOf, tableFrame, treeOf, type Pages } from './frames';
import { letterOf, pointOf, type Point, type Sweep, type Variant } from './sweep';

type Json = Readonly<Record<string, unknown>>;

/** What a point's run is made from. */
export interface Made {
  readonly file: Json;
  readonly pages: Pages;
  /** Operations of vCPU 0 before the part that is measured. */
  readonly setup: number;
  /** Writes to protected pages. */
  readonly writes: number;
}

const LAST_SLOT = 511 * 8;
/** Registers of servers beside XenGT's: pages in the PCI hole, none beside another. */
const REGISTERS = 0xf200_0000;
const XENGT_ID = 1;
/** A guest whose size nobody cares about. */
const LEAST_MEMORY = 16 * MIB;

export const xenOf = ({ version, patches }: Variant): Xen =>
  patches ? switched(version, patches).xen : VERSIONS[version];

/** Being of the type is all there is to a protected page: dom0 can do it by hand. */
export const isByHand = (variant: Variant): boolean => variant.design === 'xen' && xenOf(variant).claim;

/** Bytes of RAM: as the sweep says, or as the point with the most pages needs. */
export function memoryOf(sweep: Sweep, { guest }: Point): number {
  if (guest.memory !== undefined) return guest.memory;
  const most = sweep.parameters.find(({ name }) => name === 'pages')?.values.at(-1) ?? guest.pages;
  return sweep.variants.reduce((bytes, variant) => {
    const pages = pagesOf(most, isByHand(variant), null);
    return pages ? Math.max(bytes, memoryFor(pages)) : bytes;
  }, LEAST_MEMORY);
}

/** null: there are more pages than the design's tables go to in this model. */
export function fileOf(sweep: Sweep, n: number): Made | null {
  const point = pointOf(sweep, n);
  const { guest } = point;
  const variant = sweep.variants[point.variant]!;
  const memory = memoryOf(sweep, point);
  const pages = pagesOf(guest.pages, isByHand(variant), guest.spread ? memory : null);
  if (!pages) return null;
  const setup = makesTables(pages);
  const { programs, writes } = accesses(point, pages);
  const [first, ...others] = programs;
  const lengths = programs.map((ops, i) => ops.length + (i === 0 ? setup.length : 0));
  const { version, patches, design, ranges, numbered } = variant;
  const file = {
    format: 2,
    title: titleOf(sweep, point).slice(0, 120),
    text: `A point of a sweep: ${sweep.title}.`,
    version,
    ...(patches ? { patches } : {}),
    design,
    ...(ranges === undefined ? {} : { ranges }),
    ...(numbered ? { numbered: { types: numbered } } : {}),
    guest: {
      memory,
      mapping: guest.mapping,
      ...(guest.pool === undefined ? {} : { pool: guest.pool }),
    },
    seed: guest.seed,
    oosThreshold: guest.oosThreshold,
    costs: sweep.costs,
    vcpus: [[...setup, ...first!], ...others],
    toolstack: guest.release ? [...lengths.map((done, vcpu) => ({ op: 'wait', vcpu, done })), { op: 'detach' }] : [],
    acts: byHand(variant, point, pages),
  };
  return { file, pages, setup: setup.length, writes };
}

function titleOf(sweep: Sweep, { variant, at }: Point): string {
  const { name } = sweep.variants[variant]!;
  return `${letterOf(variant)} ${name}: ${sweep.parameters.map(({ name: of }, i) => `${of} ${at[i]}`).join(', ')}`;
}

/** The driver's part before: the tables, while they are plain memory, and word to XenGT that they are there. */
function makesTables(pages: Pages): Json[] {
  const root = tableFrame(pages, 0) * PAGE_SIZE;
  const register = (at: number, value: number): Json => ({ op: 'write', gpa: PVINFO + at, size: 4, value });
  return [
    ...treeOf(pages.tables).map(({ parent, slot, child }) => ({
      op: 'write',
      gpa: tableFrame(pages, parent) * PAGE_SIZE + slot * 8,
      value: tableFrame(pages, child) * PAGE_SIZE + 3,
    })),
    register(PDP0_LOW, root),
    register(PDP0_HIGH, 0),
    register(G2V_NOTIFY, PPGTT_L4_CREATE),
  ];
}

/** Whether the `i`th of many falls among the `percent` that are picked, evenly. */
const picked = (i: number, percent: number): boolean =>
  Math.floor(((i + 1) * percent) / 100) > Math.floor((i * percent) / 100);

/** What is measured: the guest's accesses, dealt out to its vCPUs in turn. */
function accesses({ guest }: Point, pages: Pages): { programs: Json[][]; writes: number } {
  const { accesses: all, vcpus, writeRate, rmwShare, submitEvery, seed } = guest;
  const writes = Math.floor((all * writeRate) / 100);
  const programs: Json[][] = Array.from({ length: vcpus }, () => []);
  const stride = strideOf(writes);
  let n = 0;
  for (let i = 0; i < all; i++) {
    const program = programs[i % vcpus]!;
    if (picked(i, writeRate)) {
      // Each falls into an equal part of the pages, somewhere; the parts come in an order of their own.
      const part = (n * stride) % writes;
      const page = Math.floor(((part + chance(seed, n) / 2 ** 32) * guest.pages) / writes);
      const gpa = frameOf(pages, page) * PAGE_SIZE + LAST_SLOT;
      program.push(
        picked(n, rmwShare) ? { op: 'rmw', how: 'xor', gpa, value: 2 } : { op: 'write', gpa, value: 4 * (n + 1) },
      );
      n++;
    } else program.push({ op: 'write', gpa: PLAIN_FRAME * PAGE_SIZE + (i % 512) * 8, value: i });
    if (submitEvery > 0 && (i + 1) % submitEvery === 0) program.push({ op: 'write', gpa: ELSP, size: 4, value: 1 });
  }
  return { programs, writes };
}

/** A number near 0.6 of `n` that has no divisor in common with it. */
function strideOf(n: number): number {
  const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));
  let stride = Math.max(1, Math.round(n * 0.618));
  while (divisor(n, stride) > 1) stride++;
  return stride;
}

/** Before the guest runs: pages past the tables, and the servers beside XenGT's with what is theirs. */
function byHand(variant: Variant, { guest }: Point, pages: Pages): Json[] {
  const xen = xenOf(variant);
  const claims = isByHand(variant);
  const type = xen.typeRenamed ? HVMMEM.ioreq_server : HVMMEM.mmio_write_dm;
  const commands: Command[] = runsOf(pages).map(({ gfn, frames }) => setType(gfn, frames, type));
  for (let id = XENGT_ID + 1; id < XENGT_ID + guest.servers; id++) {
    commands.push({ op: 'create_ioreq_server' });
    const range = (of: 'memory' | 'wp_mem', start: number, end: number): number =>
      commands.push({ op: 'map_io_range_to_ioreq_server', id, type: of, start, end });
    for (let i = 0; i < guest.serverRanges; i++) {
      const at = REGISTERS + ((id - 2) * guest.serverRanges + i) * 2 * PAGE_SIZE;
      range('memory', at, at + PAGE_SIZE - 1);
    }
    const gfn = otherFrame(id);
    if (claims) {
      const types = variant.numbered ?? 0;
      const own = types > 0 ? HVMMEM.ioreq_server + id - XENGT_ID : HVMMEM.ioreq_server;
      commands.push({ op: 'map_mem_type_to_ioreq_server', id, type: own, flags: 2 }, setType(gfn, 1, own));
    } else if (variant.design === 'xen') {
      if (xen.ramRangeset) range('wp_mem', gfn, gfn);
      else range('memory', gfn * PAGE_SIZE, gfn * PAGE_SIZE + PAGE_SIZE - 1);
      commands.push(setType(gfn, 1, type));
    }
    commands.push({ op: 'set_ioreq_server_state', id, enabled: true });
  }
  // XenGT is there after so many steps, and nobody else has done anything yet.
  const first = claims ? 4 : 3;
  return commands.map((command, i) => ({ step: first + i, do: lineOf(command, variant.numbered ?? 0) }));
}

const setType = (gfn: number, frames: number, type: number): Command => ({
  op: 'set_mem_type',
  first_pfn: gfn,
  nr: frames,
  type,
});
