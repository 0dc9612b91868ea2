/** What a world is made from. Fixed for its life; everything that changes lies in its store. */
import type { Xen } from './patches';

/** One operation of a vCPU's program. Addresses and sizes in bytes, values as two words. */
export type Op =
  | { readonly op: 'write'; readonly gpa: number; readonly size: Size; readonly low: number; readonly high: number }
  | { readonly op: 'read'; readonly gpa: number; readonly size: Size }
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
  | { readonly op: 'ppgtt_destroy' };

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
  /** For the scheduler that picks among the enabled choices. */
  readonly seed: number;
}

export const MIB = 1024 * 1024;
export const GIB = 1024 * MIB;
export const PAGE_SIZE = 4096;

/** Frames of a toolstack's default paging pool (libxl: 1 MiB a vCPU and 8 KiB a MiB of RAM). */
export const defaultPool = (memory: number, vcpus: number): number => 256 * vcpus + 2 * Math.ceil(memory / MIB);
