/**
 * What it takes until type 15 is free again, by the pages outstanding: swept by the release, 256 frames a call, or left to the
 * guest, which touches each page once.
 */
import { CLAIM_FLAGS } from '../../engine/claim';
import { HVMMEM, NO_ENVIRONMENT } from '../../engine/dm';
import { Domain } from '../../engine/domain';
import { IoreqServers } from '../../engine/ioreq';
import { P2m } from '../../engine/p2m';
import type { Paging } from '../../engine/p2m-table';
import { P2M } from '../../engine/p2m-type';
import { VERSIONS, type Version } from '../../engine/patches';
import { Store } from '../../engine/store';
import { count } from '../../words/format';
import { medianOf, ms, perSecond, row, RUNS } from './measure';

const PAGES = [1_000, 100_000, 4_000_000];
const SERVER = 1;

interface Trapped {
  readonly store: Store;
  readonly domain: Domain;
}

/** A guest all of whose frames are 4 KiB pages of type 15, which server 1 has claimed. */
function trapped(version: Version, paging: Paging, pages: number): Trapped {
  const store = new Store();
  const xen = VERSIONS[version];
  const meter = { add: () => undefined };
  const poolSize = Math.ceil(pages / 512) + Math.ceil(pages / 2 ** 18) + 2;
  const setup = { stateBase: 0, notesBase: 0, xen, vcpus: 1, poolSize, poolMfn: 1 << 22, frames: pages, meter, paging };
  const p2m = new P2m(store, setup);
  const servers = new IoreqServers(store.state, p2m.stateWords, { xen });
  const at = p2m.stateWords + IoreqServers.words();
  // Something more urgent always waits, so that a release is a call for every 256 frames, as long ones are.
  const environment = { ...NO_ENVIRONMENT, preempt: () => true };
  const domain = new Domain(store.state, at, { p2m, servers, environment });
  domain.createServer(0);
  domain.mapMemType(SERVER, HVMMEM.ioreq_server, CLAIM_FLAGS.write);
  p2m.build([{ gfn: 0, frames: pages, mfn: 1 << 24, type: P2M.ioreq_server, order: 0 }]);
  store.settle();
  return { store, domain };
}

function release({ store, domain }: Trapped): void {
  for (let opaque = 0, more = true; more;) {
    const answer = domain.mapMemType(SERVER, HVMMEM.ioreq_server, 0, opaque);
    store.settle();
    opaque = answer.opaque;
    more = answer.rc === 'ERESTART';
  }
}

function touchAll({ store, domain }: Trapped): void {
  const last = domain.p2m.maxMapped;
  for (let gfn = 0; gfn <= last; gfn++) {
    domain.touch(gfn, 0);
    if (gfn % 256 === 255) store.settle();
  }
  if (domain.p2m.regs.entryCount !== 0) throw new Error('entries are outstanding');
}

export function releases(): void {
  for (const paging of ['ept', 'npt'] as const) {
    for (const pages of PAGES) {
      // What takes no time at all is taken often, until the compiler has had its say.
      const runs = pages < 10_000 ? 20 * RUNS : RUNS;
      const made = (version: Version) => (): Trapped => trapped(version, paging, pages);
      const released = (): Trapped => {
        const guest = trapped('claim-async', paging, pages);
        release(guest);
        return guest;
      };
      const swept = medianOf(made('claim'), release, runs);
      const marked = medianOf(made('claim-async'), release, runs);
      const touched = medianOf(released, touchAll, runs);
      const of = `${count(pages)} pages, ${paging}`;
      row(`release, synchronous, ${of}`, ms(swept), perSecond(pages, swept));
      row(`each touched once, ${of}`, ms(touched), `${perSecond(pages, touched)}, after a release in ${ms(marked)}`);
    }
  }
}
