/** What the view of intercepted writes says beside the names of its columns (labels.ts): its picture, its search, its filters. */
import { count, hex, plural } from './format';

export const SCATTER = {
  name: 'Writes by step and address',
  help:
    'Left and right arrows go from write to write, up and down to the next address, Enter goes to its step. ' +
    'Plus and minus zoom, Home shows all, Escape lets go.',
  steps: 'step',
  zoomIn: 'Zoom in',
  zoomOut: 'Zoom out',
  whole: 'Whole',
  wholeLong: 'Show the whole run',
  /** One mark, for its label and for the reader. */
  mark: (step: number, gpa: number, outcome: string, owner: string): string =>
    `step ${count(step)}, ${hex(gpa)}: ${outcome}, ${owner}`,
} as const;

export const FIND = {
  name: 'Find writes',
  hint: 'address, gfn, value, server',
  filters: 'Filters',
  facets: { outcome: 'outcome', server: 'owner', vcpu: 'vCPU', level: 'table' },
  clear: 'Show all',
  found: (n: number, of: number): string => (n === of ? plural(of, 'write') : `${count(n)} of ${plural(of, 'write')}`),
  unknown: (text: string): string => `No address, value or name: ${text}.`,
  none: 'No write matches.',
  vcpu: (n: number): string => `vCPU ${n}`,
  notGtt: 'no GTT page',
} as const;

/** Columns that labels.ts has no name for. */
export const COLUMN_VCPU = 'vCPU';
export const COLUMN_ARROW = 'becomes';
