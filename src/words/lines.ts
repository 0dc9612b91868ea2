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
  frame: (gfn: number): string => `frame 0x${gfn.toString(16)}`,
  gpa: (address: number): string => `gpa 0x${address.toString(16)}`,
  gma: (address: number): string => `gma 0x${address.toString(16)}`,
  broken: (rule: string): string => `broken ${rule}`,
  screen: (name: string): string => `screen ${name}`,
  tab: (name: string): string => `tab ${name}`,
  maximise: (view: string): string => `maximise ${view}`,
  text: (view: string): string => `text ${view}`,
  menu: (view: string): string => `menu ${view}`,
  present: (view: string): string => `present ${view}`,
  save: (format: string, view: string): string => `save ${format} ${view}`,
  swap: (pane: string, other: string): string => `pane ${pane} swap ${other}`,
  show: (pane: string, view: string): string => `pane ${pane} show ${view}`,
  history: (id: number, more = ''): string => `history ${id}${more && ` ${more}`}`,
  /** What is put after it is the value. */
  price: (cost: string): string => `price ${cost}=`,
  resetPrice: (cost: string): string => `price reset ${cost}`,
} as const;

/** What a button's title says: its name, where it does not show it, and the line that does the same. null: there is none. */
export function lineFor(name: string, line: string | null): string {
  if (line === null) return name;
  return name === '' ? `Console: ${line}` : `${name} (console: ${line})`;
}
