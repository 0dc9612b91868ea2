/** Numbers as the page writes them: hexadecimal where Xen does, decimal counts in groups of three. */
import type { Value } from '../engine/memory';

const NARROW_SPACE = '\u202f';

export const hex = (n: number | bigint): string => `0x${n.toString(16)}`;

export const count = (n: number): string => String(n).replace(/\B(?=(\d{3})+$)/g, NARROW_SPACE);

/** Cycles: whole ones in groups of three; from 10^8 on, where a column of the page ends, in millions. */
export const cycles = (n: number): string => (n < 1e8 ? count(Math.round(n)) : `${count(Math.round(n / 1e6))} M`);

/** The two words of a value as one number. */
export const value = ({ low, high }: Value): string => hex64(low, high);

/** Levels of a GTT by number. */
export const LEVEL_WORDS = ['PT', 'PD', 'PDP', 'PML4'] as const;

/** "1 step", "3 steps". */
export const plural = (n: number, one: string, many = `${one}s`): string => `${count(n)} ${n === 1 ? one : many}`;

/** A 64-bit word of which low and high half are known. */
export const hex64 = (low: number, high: number): string =>
  `0x${((BigInt(high >>> 0) << 32n) | BigInt(low >>> 0)).toString(16)}`;

/** `0x0000_4743_d000`: a 48-bit GPU address in groups of four digits. */
export const gpuAddress = (gma: number): string =>
  `0x${gma
    .toString(16)
    .padStart(12, '0')
    .replace(/(?<=.)(?=(.{4})+$)/g, '_')}`;

/** `1.5 GiB`: in the largest unit that leaves at least 1. */
export function size(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
  let unit = 0;
  while (bytes >= 1024 && unit < units.length - 1) {
    bytes /= 1024;
    unit++;
  }
  return `${+bytes.toFixed(2)} ${units[unit]}`;
}

/** What an entry of this order maps: 4 KiB, 2 MiB, 1 GiB. */
export const orderSize = (order: number): string => size(4096 * 2 ** order);

/**
 * A place in guest memory as people type it: a gfn (`0x1a4c3`, `1a4c3`), an address past the last gfn (`0x1a4c3000`), or a
 * size from the start (`1.5 GiB`). Answers the gfn, null when it names no frame of this guest.
 */
export function parsePlace(text: string, frames: number): number | null {
  const sized = /^\s*(\d+(?:\.\d+)?)\s*([kmg])(?:i?b)?\s*$/i.exec(text);
  if (sized) return within((Number(sized[1]) * 1024 ** ('kmg'.indexOf(sized[2]!.toLowerCase()) + 1)) / 4096, frames);
  const n = parseHex(text);
  if (n === null) return null;
  return n < frames ? n : within(n / 4096, frames);
}

const within = (frame: number, frames: number): number | null => (frame < frames ? Math.floor(frame) : null);

/** Hexadecimal with or without 0x, underscores allowed; null when it is none, or past 2^53. */
export function parseHex(text: string): number | null {
  const digits = /^\s*(?:0x)?([0-9a-f][0-9a-f_]*)\s*$/i.exec(text)?.[1]?.replaceAll('_', '');
  if (!digits) return null;
  const n = parseInt(digits, 16);
  return Number.isSafeInteger(n) ? n : null;
}

/** A name of at most `most` characters: the middle of a longer one is left out, its last 8 are kept. */
export function shorten(name: string, most = 24): string {
  const END = 8;
  if (name.length <= most) return name;
  return `${name.slice(0, Math.max(1, most - END - 1))}…${name.slice(-END)}`;
}

/** As much of a name as may stand in the name of a file. */
export const slug = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replace(/^-|-$/g, '') || 'session';
