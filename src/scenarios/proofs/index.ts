/**
 * Scenarios that are made to be searched: the two frames of the lattice, and one for each patch that protects a rule in some order of
 * things (explore/proofs.ts has what a search of each finds). They are shipped like the others, and stand apart where those are listed.
 */
import type { Shipped } from '..';

const file = (module: { readonly default: unknown }): unknown => module.default;
const proof = (name: string, title: string, load: Shipped['load']): Shipped => ({ name, title, load, proof: true });

export const PROOF_SCENARIOS: readonly Shipped[] = [
  proof('two-frames-two-vcpus', 'Two frames, two vCPUs, one claim', () =>
    import('./two-frames-two-vcpus.json').then(file),
  ),
  proof('two-frames-quick', 'Two frames: the short one', () => import('./two-frames-quick.json').then(file)),
  proof('proof-type', 'Proof: no type, no shadow', () => import('./proof-type.json').then(file)),
  proof('proof-fourth-rangeset', 'Proof: a rangeset for the tables', () =>
    import('./proof-fourth-rangeset.json').then(file),
  ),
  proof('proof-rename', 'Proof: the type is public again', () => import('./proof-rename.json').then(file)),
  proof('proof-lock', 'Proof: the lock through emulation', () => import('./proof-lock.json').then(file)),
  proof('proof-claim', 'Proof: a claim needs no ranges', () => import('./proof-claim.json').then(file)),
  proof('proof-read-half', 'Proof: the read half stays in Xen', () => import('./proof-read-half.json').then(file)),
  proof('proof-reset', 'Proof: a release resets its pages', () => import('./proof-reset.json').then(file)),
  proof('proof-sweep', 'Proof: the release sweeps, and finds', () => import('./proof-sweep.json').then(file)),
  proof('proof-range-check', 'Proof: no range ends before it starts', () =>
    import('./proof-range-check.json').then(file),
  ),
  proof('proof-copies', 'Proof: no copy passes the owner by', () => import('./proof-copies.json').then(file)),
  proof('proof-backwards', 'Proof: a backward string arrives', () => import('./proof-backwards.json').then(file)),
  proof('proof-count', 'Proof: the helper that counts nothing', () => import('./proof-count.json').then(file)),
  proof('proof-level', 'Proof: the right level, at both places', () => import('./proof-level.json').then(file)),
  proof('proof-dead-server', 'Proof: a vCPU gets over a dead server', () =>
    import('./proof-dead-server.json').then(file),
  ),
];
