/**
 * Who acts: 0.. a vCPU (or Xen for it), XENGT its next job, XENGT_TAKE + n taking vCPU n's request, QEMU and QEMU_TAKE + n
 * likewise, TOOLSTACK; COMMAND + n the user, whose hand does the nth of the configuration's commands. A number, so that a
 * journal of a hundred thousand steps is an array of them.
 */
export type Choice = number;
export const XENGT = 0x40;
export const TOOLSTACK = 0x41;
export const QEMU = 0x42;
export const XENGT_TAKE = 0x80;
export const QEMU_TAKE = 0xc0;
export const COMMAND = 0x100;
