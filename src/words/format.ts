/** Numbers as the page writes them: hexadecimal where Xen does, decimal counts in groups of three. */
import type { Value } from '../engine/memory';

const NARROW_SPACE = '\u202f';

export const hex = (n: number): string => `0x${n.toString(16)}`;

export const count = (n: number): string => String(n).replace(/\B(?=(\d{3})+$)/g, NARROW_SPACE);

export const value = ({ low, high }: Value): string =>
  high === 0 ? hex(low) : `0x${high.toString(16)}${low.toString(16).padStart(8, '0')}`;

/** "1 step", "3 steps". */
export const plural = (n: number, one: string, many = `${one}s`): string => `${count(n)} ${n === 1 ? one : many}`;
