/** For tests of the claim: a small domain with three servers. */
import { NO_ENVIRONMENT } from './dm';
import { Domain } from './domain';
import { IoreqServers } from './ioreq';
import { P2m, type P2mSetup } from './p2m';
import { P2M } from './p2m-type';
import { VERSIONS, type Xen } from './patches';
import { Store } from './store';

export const MFN = 1 << 24;

/** 1024 frames of RAM, the second half in one 2 MiB page. */
export function ramOf(store: Store, xen: Xen, setup: Partial<P2mSetup> = {}): P2m {
  const p2m = new P2m(store, {
    stateBase: 0,
    notesBase: 0,
    xen,
    vcpus: 1,
    poolSize: 16,
    poolMfn: 1 << 22,
    frames: 4096,
    meter: { add: () => undefined },
    ...setup,
  });
  p2m.build([
    { gfn: 0, frames: 512, mfn: MFN, type: P2M.ram_rw, order: 0 },
    { gfn: 512, frames: 512, mfn: MFN + 512, type: P2M.ram_rw, order: setup.paging === 'shadow' ? 0 : 9 },
  ]);
  return p2m;
}

/** That, and servers 1 to 3. */
export function domainOf(xen: Xen = VERSIONS.claim, preempt = false, setup: Partial<P2mSetup> = {}): Domain {
  const store = new Store();
  const p2m = ramOf(store, xen, setup);
  const at = p2m.stateWords;
  const servers = new IoreqServers(store.state, at, { xen, cap: 1 });
  const environment = { ...NO_ENVIRONMENT, preempt: () => preempt };
  const domain = new Domain(store.state, at + IoreqServers.words(1), { p2m, servers, environment });
  for (let i = 0; i < 3; i++) domain.createServer(0);
  return domain;
}

export const typeAt = (domain: Domain, gfn: number): number => domain.p2m.getEntry(gfn).type;
