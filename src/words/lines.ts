/** Lines of the console that buttons show. Apart from console.ts, which is read in with the console alone. */
import { size } from './format';

const MIB = 2 ** 20;

export const LINES = {
  next: 'next',
  prev: 'prev',
  play: 'play',
  pause: 'pause',
  undo: 'undo',
  redo: 'redo',
  seek: (step: number): string => `seek ${step}`,
  open: (name: string): string => `open ${name}`,
  version: (name: string): string => `version ${name}`,
  /** Exactly, whatever its size. */
  memory: (bytes: number): string =>
    `memory ${bytes % (1024 * MIB) === 0 || bytes < 1024 * MIB ? size(bytes) : `${bytes / MIB} MiB`}`,
} as const;

/** What a button's title says: its name, and the line that does the same. null: there is none. */
export const lineFor = (name: string, line: string | null): string =>
  line === null ? name : `${name} (console: ${line})`;
