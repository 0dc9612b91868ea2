/** What a world is made from. Fixed for its life; everything that changes lies in its store. */
import type { Call, Command } from './command';
import type { DesignName } from './designs/names';
import type { Xen } from './patches';

/** One operation of a vCPU's program. Addresses and sizes in bytes, values as two words. */
export type Op =
  | { readonly op: 'write'; readonly gpa: number; readonly size: Size; readonly low: number; readonly high: number }
  | { readonly op: 'read'; readonly gpa: number; readonly size: Size }
  /** An instruction is fetched from there. */
  | { readonly op: 'exec'; readonly gpa: number }
  /** One string instruction (`rep stos`): `count` elements from `gpa` on, upwards, or `down` with the direction flag set. */
  | {
      readonly op: 'stos';
      readonly gpa: number;
      readonly size: Size;
      readonly low: number;
      readonly high: number;
      readonly count: number;
      readonly down: boolean;
    }
  /** A hypercall with a buffer at `gpa`, into which Xen copies its answer of `size` bytes. */
  | { readonly op: 'hypercall'; readonly gpa: number; readonly size: Size; readonly low: number; readonly high: number }
  /** An I/O instruction: to or from port `gpa`. */
  | { readonly op: 'out'; readonly gpa: number; readonly size: 1 | 2 | 4; readonly low: number; readonly high: number }
  | { readonly op: 'in'; readonly gpa: number; readonly size: 1 | 2 | 4 }
  | {
      readonly op: 'rmw';
      readonly how: RmwOp;
      readonly gpa: number;
      readonly size: Size;
      readonly low: number;
      readonly high: number;
    }
  | { readonly op: 'ppgtt_create' }
  /** Maps `pages` GPU pages from `gma` to guest frames from `gfn` on. */
  | { readonly op: 'bind'; readonly gma: number; readonly pages: number; readonly gfn: number }
  | { readonly op: 'unbind'; readonly gma: number; readonly pages: number }
  | { readonly op: 'ppgtt_destroy' }
  /** The GPU is given work: one write of 4 bytes to a ring's submission port (on hardware there are four). */
  | { readonly op: 'submit' };

/**
 * One operation of the toolstack, which acts beside the guest once it runs. `wait` passes when vCPU `vcpu` has come to
 * operation `pc` of its program, or has stopped for good.
 */
export type ToolOp =
  | { readonly op: 'wait'; readonly vcpu: number; readonly pc: number }
  /** XenGT lets go of the type (flags 0), and claims it again. */
  | { readonly op: 'detach' }
  | { readonly op: 'attach' }
  /** XenGT dies: its server is destroyed, whatever it had under way. */
  | { readonly op: 'kill' }
  /** Global log-dirty, as live migration wants it. */
  | { readonly op: 'log_dirty'; readonly on: boolean }
  /** The guest gives frames back: they leave the p2m. */
  | { readonly op: 'balloon'; readonly gfn: number; readonly frames: number }
  /** A hypercall, as the user's hand would make it (by-hand.ts). */
  | { readonly op: 'call'; readonly command: Call };

export type Size = 1 | 2 | 4 | 8;
export const RMW_OPS = ['or', 'and', 'xor', 'add', 'xchg'] as const;
export type RmwOp = (typeof RMW_OPS)[number];

export interface Config {
  readonly xen: Xen;
  /** Guest RAM in bytes, 16 MiB to 64 GiB, whole MiB. */
  readonly memory: number;
  /** Largest order of the mappings that the first image is built with. */
  readonly order: 0 | 9 | 18;
  /** Frames in the paging pool. */
  readonly pool: number;
  /** Ranges a rangeset may hold; Xen's MAX_NR_IO_RANGES is 256. */
  readonly rangeCap: number;
  /** Whether frames for GPU tables lie scattered, so that each costs a range, or one after the other. */
  readonly tablePages: 'scattered' | 'contiguous';
  /** A program for each vCPU. */
  readonly programs: readonly (readonly Op[])[];
  /** What the toolstack does while the guest runs. */
  readonly toolstack: readonly ToolOp[];
  /** A QEMU-like default server takes what nobody else does; its mode is one of BUFIOREQ. null: there is none. */
  readonly defaultServer: { readonly bufioreq: 0 | 1 | 2 } | null;
  /**
   * Types for servers as the design document has them (HVMMEM_ioreq_serverX), so many; 0: as merged, one type, by the
   * patches. They need the patch `claim`. XenGT claims the first of them.
   */
  readonly numbered: 0 | 1 | 2 | 3 | 4;
  /** Accesses that XenGT claims the type for: 1 reads, 2 writes, 3 both. As merged Xen refuses any but 2. */
  readonly claimFlags: 1 | 2 | 3;
  /** Tables of the p2m: Intel's or AMD's. */
  readonly paging: 'ept' | 'npt';
  /** How XenGT comes to know what the guest writes; 'xen': as the patches have it. */
  readonly design: DesignName;
  /** page_track: how many listen, XenGT among them; 1 to 65535. */
  readonly trackers: number;
  /** out_of_sync: writes to a leaf table after which it is let go, at least 1; and tables that can have been let go. */
  readonly oosThreshold: number;
  readonly oosPages: number;
  /** Type 15 leaves pages executable, as in the first series before its version 2. */
  readonly executable: boolean;
  /** For the scheduler that picks among the enabled choices. */
  readonly seed: number;
  /**
   * Hypercalls by the user's hand that a choice may name by their number. May grow at its end while it is in use: worlds and
   * their forks share it.
   */
  readonly commands: readonly Command[];
}

export const MIB = 1024 * 1024;
export const GIB = 1024 * MIB;
export const PAGE_SIZE = 4096;

/** Frames of a toolstack's default paging pool (libxl: 1 MiB a vCPU and 8 KiB a MiB of RAM). */
export const defaultPool = (memory: number, vcpus: number): number => 256 * vcpus + 2 * Math.ceil(memory / MIB);

/** The knobs of a plain guest: what a configuration that does not care leaves as it is. */
export const PLAIN = {
  toolstack: [],
  defaultServer: null,
  numbered: 0,
  claimFlags: 2,
  design: 'xen',
  trackers: 1,
  oosThreshold: 2,
  oosPages: 8192,
  executable: false,
  paging: 'ept',
  commands: [],
} as const satisfies Partial<Config>;
