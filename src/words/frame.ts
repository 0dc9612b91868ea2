/** What the frame says: screens, panes and their tools. */

export const SCREEN_NAMES = {
  name: 'Screens',
  overview: 'Overview',
  memory: 'Memory',
  gtt: 'GTT',
  race: 'Race',
  costs: 'Costs',
  charts: 'Charts',
  compare: 'Compare',
  explore: 'Explore',
  search: 'Commands',
} as const;

/** Views as menus and the palette call them. */
export const VIEW_NAMES = {
  memory: 'Guest memory',
  ept: 'EPT',
  gtt: 'PPGTT and its shadow',
  time: 'Space and time',
  writes: 'Intercepted writes',
  entry: 'EPT entry',
  servers: 'ioreq servers',
  invariants: 'Invariants',
  costs: 'Costs',
  next: 'What may happen next',
  histories: 'Histories you have tried',
  below: 'This write, and all writes',
  inspector: 'Entry, servers, invariants, costs',
  charts: 'Charts',
  compare: 'Compare',
  explore: 'Explore',
} as const;
export type Named = keyof typeof VIEW_NAMES;

export const PANE = {
  tools: (view: Named): string => `Tools of the pane: ${VIEW_NAMES[view]}`,
  text: 'Text',
  picture: 'Picture',
  readText: 'Read as text',
  showPicture: 'Show the picture',
  maximise: 'Maximise',
  restore: 'Restore',
  maximiseLong: 'Maximise this pane',
  restoreLong: 'Back to all panes',
  save: (format: 'svg' | 'png'): string => `Save as ${format.toUpperCase()}`,
  swap: 'Change places with',
  show: 'Show here',
  drag: 'Drag onto another pane to change places',
  divider: (before: Named, after: Named): string => `Divider between ${VIEW_NAMES[before]} and ${VIEW_NAMES[after]}`,
  empty: 'All that belongs here has a pane of its own.',
  about: (scenario: string, version: string, step: string, of: string): string =>
    `${scenario}. ${version}. Step ${step} of ${of}.`,
  failed: 'The browser could not save the picture.',
} as const;

export const PHONE = {
  views: 'More views',
  commands: 'All commands',
} as const;
