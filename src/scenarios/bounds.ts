/** How large a scenario file may be, whichever way it comes. */
import { MIB } from '../engine/config';
import type { Problem } from './fields';

/** Bytes; of a text, its UTF-16 units. */
export const MOST_BYTES = 16 * MIB;

/** What is said of a file of so many bytes; undefined: it may be that large. */
export function tooLarge(bytes: number): Problem | undefined {
  if (bytes <= MOST_BYTES) return undefined;
  const mib = (Math.ceil((10 * bytes) / MIB) / 10).toFixed(1);
  return { path: '', message: `has ${mib} MiB; a scenario file has at most ${MOST_BYTES / MIB} MiB` };
}

/** How a script begins: what it is and its format's number. */
export const SCRIPT_HEAD = '# p2mscope script';
/** Whether a text is a script of lines, of whatever format: what script.ts reads. */
export const isScript = (text: string): boolean => text.startsWith(SCRIPT_HEAD);

/** Whether a text begins as a JSON object does: what does not is no scenario, whatever else it is. */
export const isObjectText = (text: string): boolean => /^\s*\{/.test(text);
