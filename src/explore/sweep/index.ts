/** The sweeps that come with the program, by name. A file is read when it is opened. */
export interface ShippedSweep {
  readonly name: string;
  readonly title: string;
  /** The parsed file, to be opened like one that the user brings. */
  load(): Promise<unknown>;
}

const file = (module: { readonly default: unknown }): unknown => module.default;

export const SWEEPS: readonly ShippedSweep[] = [
  {
    name: 'trapped-write',
    title: 'The cost of one trapped write',
    load: () => import('./shipped/trapped-write.json').then(file),
  },
  { name: 'release', title: 'What the release costs', load: () => import('./shipped/release.json').then(file) },
  {
    name: 'rmw-share',
    title: 'Read-modify-writes, and who serves the read half',
    load: () => import('./shipped/rmw-share.json').then(file),
  },
  { name: 'servers', title: 'More than one device model', load: () => import('./shipped/servers.json').then(file) },
  {
    name: 'oos-threshold',
    title: 'When to let a table go out of sync',
    load: () => import('./shipped/oos-threshold.json').then(file),
  },
  {
    name: 'write-rate',
    title: 'Guests that rarely write their tables',
    load: () => import('./shipped/write-rate.json').then(file),
  },
  { name: 'vcpus', title: 'Many vCPUs, one device model', load: () => import('./shipped/vcpus.json').then(file) },
];

/** The sweep that is shown first. */
export const FIRST_SWEEP = 'trapped-write';
