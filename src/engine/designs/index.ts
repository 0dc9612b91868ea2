/** Every design, by name; and as a list, with the year and the place where it was first to be seen. */
import type { Config } from '../config';
import type { World } from '../world';
import type { Design } from './design';
import { hashTable } from './hash-table';
import { mmioDm } from './mmio-dm';
import { DESIGN_NAMES, type DesignName } from './names';
import { none } from './none';
import { outOfSync } from './out-of-sync';
import { pageTrack } from './page-track';
import { paravirtual } from './paravirtual';
import { threeRangesets } from './three-rangesets';
import { writeProtect } from './write-protect';
import { xen } from './xen';

export { DESIGN_NAMES, type DesignName };
export type { Design };

const ALL: { readonly [N in DesignName]: Design } = {
  xen,
  none,
  mmio_dm: mmioDm,
  hash_table: hashTable,
  three_rangesets: threeRangesets,
  page_track: pageTrack,
  write_protect: writeProtect,
  out_of_sync: outOfSync,
  paravirtual,
};

export const designOf = ({ design }: Pick<Config, 'design'>): Design => ALL[design];

/** The configuration with the patches that its design has. */
export function fitted(config: Config): Config {
  const xen = designOf(config).xen(config.xen);
  return { ...config, xen };
}

/** Whether the table in frame `gfn` is out of step with its shadow by XenGT's own doing, until the next submission. */
export const isOutOfSync = (w: World, gfn: number): boolean => w.xengt.outOfSync(gfn);

/** Whether the shadow has to be right just now, as far as the design promises. */
export const shadowIsDue = (w: World): boolean => w.design.shadowIsDue(w);

export interface DesignInfo {
  readonly name: DesignName;
  /** null: of no time. */
  readonly year: number | null;
  readonly source: string;
}

export const DESIGNS: readonly DesignInfo[] = [
  { name: 'xen', year: 2015, source: 'Xen, b4986813c5 to today: by the patch set' },
  { name: 'none', year: null, source: 'ours: what the others are there for' },
  { name: 'mmio_dm', year: 2014, source: 'Xen, HVMMEM_mmio_dm and an ioreq server, as they were before type 15' },
  {
    name: 'hash_table',
    year: 2014,
    source: 'xen-devel, "Extend ioreq-server to support page write protection", v1 and v2',
  },
  { name: 'three_rangesets', year: 2014, source: 'xen-devel, "add new p2m type class and new p2m type", v3' },
  { name: 'page_track', year: 2016, source: 'Linux 4.6, arch/x86/kvm/mmu/page_track.c' },
  { name: 'write_protect', year: 2018, source: 'ACRN, hypervisor/common/hypercall.c: write_protect_page' },
  { name: 'out_of_sync', year: 2016, source: 'Linux 4.10, drivers/gpu/drm/i915/gvt/gtt.c; off by default' },
  { name: 'paravirtual', year: 2019, source: 'after "PV PPGTT update" for i915, posted to intel-gfx and not merged' },
];
