/** The scenarios that come with the program, by name. A file is read when it is opened. */
export interface Shipped {
  readonly name: string;
  readonly title: string;
  /** The parsed file, to be opened like one that the user brings. */
  load(): Promise<unknown>;
}

const file = (module: { readonly default: unknown }): unknown => module.default;

export const SCENARIOS: readonly Shipped[] = [
  {
    name: 'first-light',
    title: 'First light: a page table, entry by entry',
    load: () => import('./first-light.json').then(file),
  },
  {
    name: 'range-wall',
    title: 'The wall: more page tables than ranges',
    load: () => import('./range-wall.json').then(file),
  },
  {
    name: 'read-modify-write',
    title: 'Reading half of a write',
    load: () => import('./read-modify-write.json').then(file),
  },
  {
    name: 'shatter',
    title: 'One page changes, a gigabyte shatters',
    load: () => import('./shatter.json').then(file),
  },
  {
    name: 'many-frames',
    title: 'Four million frames',
    load: () => import('./many-frames.json').then(file),
  },
];
