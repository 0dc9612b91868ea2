/**
 * The scenarios that come with the program, by name: the lessons in their order, the others, and then those that are made to be searched.
 * A file is read when it is opened.
 */
import { PROOF_SCENARIOS } from './proofs';

export interface Shipped {
  readonly name: string;
  readonly title: string;
  /** It is made to be searched, and of little use to look around in. */
  readonly proof?: true;
  /** The parsed file, to be opened like one that the user brings. */
  load(): Promise<unknown>;
}

const file = (module: { readonly default: unknown }): unknown => module.default;

export const SCENARIOS: readonly Shipped[] = [
  {
    name: 'what-is-a-p2m',
    title: 'What a p2m is',
    load: () => import('./what-is-a-p2m.json').then(file),
  },
  {
    name: 'shatter',
    title: 'One page changes, a gigabyte shatters',
    load: () => import('./shatter.json').then(file),
  },
  {
    name: 'discard-forward',
    title: 'Dropped or handed on',
    load: () => import('./discard-forward.json').then(file),
  },
  {
    name: 'ioreq-life',
    title: 'The life of an ioreq',
    load: () => import('./ioreq-life.json').then(file),
  },
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
    name: 'fourth-rangeset',
    title: 'A fourth rangeset, for 19 days',
    load: () => import('./fourth-rangeset.json').then(file),
  },
  {
    name: 'numbered',
    title: 'Types with numbers: the design document',
    load: () => import('./numbered.json').then(file),
  },
  {
    name: 'claim-ebusy',
    title: 'Claimed once, and EBUSY',
    load: () => import('./claim-ebusy.json').then(file),
  },
  {
    name: 'released-meanwhile',
    title: 'Released between fault and look-up',
    load: () => import('./released-meanwhile.json').then(file),
  },
  {
    name: 'read-modify-write',
    title: 'Reading half of a write',
    load: () => import('./read-modify-write.json').then(file),
  },
  {
    name: 'asynchronous-reset',
    title: 'One mark now, the entries later',
    load: () => import('./asynchronous-reset.json').then(file),
  },
  {
    name: 'sweep-nothing',
    title: 'The sweep that swept nothing',
    load: () => import('./sweep-nothing.json').then(file),
  },
  {
    name: 'sweep',
    title: 'The sweep that sweeps',
    load: () => import('./sweep.json').then(file),
  },
  {
    name: 'refactoring',
    title: 'A refactoring without functional change',
    load: () => import('./refactoring.json').then(file),
  },
  {
    name: 'migration-refused',
    title: 'No migration while pages are watched',
    load: () => import('./migration-refused.json').then(file),
  },
  {
    name: 'xsa-238',
    title: 'XSA-238: a range that ends before it starts',
    load: () => import('./xsa-238.json').then(file),
  },
  {
    name: 'backward-string',
    title: 'A string instruction that goes backwards',
    load: () => import('./backward-string.json').then(file),
  },
  {
    name: 'behind-the-back',
    title: "Behind the device model's back",
    load: () => import('./behind-the-back.json').then(file),
  },
  {
    name: 'device-model-died',
    title: 'The device model dies with a request in hand',
    load: () => import('./device-model-died.json').then(file),
  },
  {
    name: 'out-of-sync',
    title: 'Out of step until the next submission',
    load: () => import('./out-of-sync.json').then(file),
  },
  {
    name: 'many-frames',
    title: 'Four million frames',
    load: () => import('./many-frames.json').then(file),
  },
  {
    name: 'bug-2019',
    title: 'Half a fix stops the host',
    load: () => import('./bug-2019.json').then(file),
  },
  {
    name: 'exec-type15',
    title: 'Code in a page table',
    load: () => import('./exec-type15.json').then(file),
  },
  {
    name: 'vga-buffered',
    title: 'Writes that nobody waits for',
    load: () => import('./vga-buffered.json').then(file),
  },
  {
    name: 'vga-full',
    title: 'The ring is full',
    load: () => import('./vga-full.json').then(file),
  },
  {
    name: 'page-track',
    title: "KVM's way: a counter for each frame",
    load: () => import('./page-track.json').then(file),
  },
  {
    name: 'npt',
    title: 'The same on AMD: NPT',
    load: () => import('./npt.json').then(file),
  },
  ...PROOF_SCENARIOS,
];

/** Name of the scenario that who comes for the first time is shown. */
export const FIRST = 'first-light';
