/**
 * Where things lie in the guest's physical address space, as hvmloader and the toolstack lay it out: RAM from 0, the VGA
 * hole and the read-only BIOS shadow below 1 MiB, a hole for PCI from 3.75 GiB to 4 GiB, the rest of RAM above it.
 * Machine frames are given in 1 GiB blocks in reverse order, so that no gfn equals its mfn by accident.
 * Left out: the special pages at the top of low RAM.
 */
import type { Config } from './config';
import { GIB, MIB, PAGE_SIZE } from './config';
import { P2M } from './p2m-type';

/** A run of the first image. `order`: log2 of the frames an entry maps. */
export interface Run {
  readonly gfn: number;
  readonly frames: number;
  readonly mfn: number;
  readonly type: number;
  readonly order: 0 | 9 | 18;
}

const HOLE_START = (3.75 * GIB) / PAGE_SIZE;
const HOLE_END = (4 * GIB) / PAGE_SIZE;
const VGA = { start: 0xa0, end: 0xc0 };
const BIOS = { start: 0xc0, end: 0x100 };

/** The GPU's register BAR (GTTMMADR), 16 MiB, and the page in it by which a guest tells XenGT of its tables. */
export const BAR = { start: 0xf000_0000, end: 0xf0ff_ffff } as const;
export const PVINFO = BAR.start + 0x78000;
/** Byte offsets in the PVINFO page (Linux, i915_pvinfo.h: struct vgt_if) and the two messages used here. */
export const G2V_NOTIFY = 0x818;
export const PDP0_LOW = 0x838;
export const PDP0_HIGH = 0x83c;
export const PPGTT_L4_CREATE = 4;
export const PPGTT_L4_DESTROY = 5;
/**
 * Ours, for a driver that tells what it changed: the first GPU address and the number of pages go where the root pointers lie
 * that only a 3-level PPGTT has, the message is the first number that i915 has not given.
 */
export const CHANGED_LOW = 0x840;
export const CHANGED_HIGH = 0x844;
export const CHANGED_PAGES = 0x848;
export const PPGTT_CHANGED = 8;
/** The render ring's submission port (ELSP: RENDER_RING_BASE 0x2000 + 0x230). */
export const ELSP = BAR.start + 0x2230;

/** The part of the GPU's aperture that the guest may touch directly: 64 MiB, passed through to guests that reach so far. */
const APERTURE = { gfn: 0xf400_0000 / PAGE_SIZE, frames: (64 * MIB) / PAGE_SIZE, mfn: 0x3f4000 };

/** First machine frame of the guest's RAM; below it lie the paging pool and dom0. */
export const GUEST_MFN = 1 << 24;
/** First machine frame of the paging pool, and of the frames that XenGT takes for its shadow tables. */
export const POOL_MFN = 1 << 22;
export const DOM0_MFN = 1 << 23;

const frames = (config: Config): number => config.memory / PAGE_SIZE;

/** Frames of the address space that RAM and the holes in it span: the extent of the map. */
export function addressSpace(config: Config): number {
  const ram = frames(config);
  return ram <= HOLE_START ? ram : HOLE_END + (ram - HOLE_START);
}

export function isRam(config: Config, gfn: number): boolean {
  if (gfn >= VGA.start && gfn < VGA.end) return false;
  return gfn < Math.min(frames(config), HOLE_START) || (gfn >= HOLE_END && gfn < addressSpace(config));
}

/** Whether `gfn` lies in a hole that is for devices: VGA memory, or that of PCI below 4 GiB. */
export const isHole = (gfn: number): boolean =>
  (gfn >= VGA.start && gfn < VGA.end) || (gfn >= HOLE_START && gfn < HOLE_END);

/** Whether an access may go to byte `gpa`: RAM, or a hole for devices, with nobody there or somebody. */
export function isPlace(config: Config, gpa: number): boolean {
  const gfn = Math.floor(gpa / PAGE_SIZE);
  return gfn >= 0 && (isRam(config, gfn) || isHole(gfn));
}

/** Whether all of `n` frames from `gfn` on are RAM, none of them in a hole. */
export function isAllRam(config: Config, gfn: number, n: number): boolean {
  const last = gfn + n - 1;
  const spans = (hole: number): boolean => gfn < hole && last >= hole;
  return isRam(config, gfn) && isRam(config, last) && !spans(VGA.start) && !spans(HOLE_START);
}

/** Machine frame behind guest frame `gfn` in the first image. */
export function firstMfn(config: Config, gfn: number): number {
  const blocks = Math.ceil(addressSpace(config) / (GIB / PAGE_SIZE));
  return GUEST_MFN + ((blocks - 1 - (gfn >>> 18)) << 18) + (gfn & 0x3ffff);
}

/** The first image as runs in ascending order, each cut so that its frames are contiguous on both sides. */
export function firstImage(config: Config): Run[] {
  const runs: Run[] = [];
  const add = (start: number, end: number, type: number): void => {
    let gfn = start;
    while (gfn < end) {
      const order = largest(config.order, gfn, end);
      const unit = 2 ** order;
      // As many units as stay within the 1 GiB block and do not reach a place where a larger order fits.
      const block = (Math.floor(gfn / 0x40000) + 1) * 0x40000;
      let stop = Math.min(block, gfn + Math.floor((end - gfn) / unit) * unit);
      if (order < config.order) stop = Math.min(stop, nextFit(config.order, gfn, end) ?? stop);
      runs.push({ gfn, frames: stop - gfn, mfn: firstMfn(config, gfn), type, order });
      gfn = stop;
    }
  };
  const low = Math.min(frames(config), HOLE_START);
  add(0, VGA.start, P2M.ram_rw);
  add(BIOS.start, BIOS.end, P2M.ram_ro);
  add(BIOS.end, low, P2M.ram_rw);
  if (addressSpace(config) > HOLE_END) runs.push({ ...APERTURE, type: P2M.mmio_direct, order: 9 });
  add(HOLE_END, addressSpace(config), P2M.ram_rw);
  return runs;
}

function largest(limit: number, gfn: number, end: number): 0 | 9 | 18 {
  for (const order of [18, 9] as const) {
    if (order <= limit && gfn % 2 ** order === 0 && gfn + 2 ** order <= end) return order;
  }
  return 0;
}

/** First gfn after `gfn` at which an order above the one at `gfn` fits before `end`. */
function nextFit(limit: number, gfn: number, end: number): number | undefined {
  const here = largest(limit, gfn, end);
  for (const order of [9, 18] as const) {
    if (order <= here || order > limit) continue;
    const at = (Math.floor(gfn / 2 ** order) + 1) * 2 ** order;
    if (at + 2 ** order <= end) return at;
  }
  return undefined;
}
