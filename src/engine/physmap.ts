/**
 * What toolstack, pager and sharer do to one page of a guest's map. What a page's type lets become of it is the page-type
 * chart's; here it is carried out. Counterpart: xen/arch/x86/mm/p2m.c: guest_physmap_add_entry, p2m_remove_page,
 * set_typed_p2m_entry, p2m_add_foreign, p2m_mem_paging_*; mm/mem_sharing.c: mem_sharing_nominate_page,
 * __mem_sharing_unshare_page; mm/p2m-pod.c: guest_physmap_mark_populate_on_demand; cpu/mcheck/mce.c: unmmap_broken_page.
 * Left out: reference counts, the content of a page, the pager's ring, the frames that sharers share.
 */
import type { Rc } from './errno';
import { PAGE_TYPE } from './machines/page-type';
import type { P2m } from './p2m';
import type { P2M, P2mType } from './p2m-type';

type Event = keyof typeof PAGE_TYPE.on;
const { dirty: DIRTY } = PAGE_TYPE.is;

/** What can be mapped at a gfn, and the chart's event for it. */
const ADDED = {
  ram_rw: 'add_page',
  grant_map_rw: 'grant.map_rw',
  grant_map_ro: 'grant.map_ro',
  mmio_direct: 'map_mmio',
  map_foreign: 'map_foreign',
} as const satisfies Partial<Record<keyof typeof P2M, Event>>;
export type Added = keyof typeof ADDED;

/**
 * Maps machine frame `mfn` there. EINVAL, ENOENT: somebody else's page is mapped there; the domain is crashed for it. EINVAL:
 * a foreign page in a table format that knows none. ENOMEM, ENOENT: as `P2m.setEntry`.
 */
export const addPage = (p2m: P2m, gfn: number, mfn: number, type: Added = 'ram_rw'): Rc =>
  change(p2m, gfn, ADDED[type], mfn);

/** Takes the page out of the map. */
export const removePage = (p2m: P2m, gfn: number): Rc => change(p2m, gfn, 'remove_page', null);

/** Promises memory there. EBUSY: there is memory already. */
export const markPopulateOnDemand = (p2m: P2m, gfn: number): Rc => change(p2m, gfn, 'mark_pod', null);

/** Gives promised memory its frame. */
export const populate = (p2m: P2m, gfn: number, mfn: number): Rc => change(p2m, gfn, 'populate', mfn);

/** The hardware has found an error in the page's frame. */
export const breakPage = (p2m: P2m, gfn: number): Rc => change(p2m, gfn, 'machine_check');

/**
 * A step of the pager. EBUSY: the page cannot be paged out, or has not been chosen for it. What is not on its way back is
 * passed by. ENOENT: there is nothing to `prep`, which gives a page that has none the frame `mfn`.
 */
export function memPaging(
  p2m: P2m,
  gfn: number,
  what: 'nominate' | 'evict' | 'populate' | 'prep' | 'resume',
  mfn: number | null = null,
): Rc {
  if (what === 'evict') return change(p2m, gfn, 'paging.evict', null);
  if (what === 'prep') return change(p2m, gfn, 'paging.prep', p2m.getEntry(gfn).mfn ?? mfn);
  if (what !== 'resume') return change(p2m, gfn, `paging.${what}`);
  // A page that never got a frame does not come back.
  return p2m.getEntry(gfn).mfn === null
    ? 0
    : change(p2m, gfn, 'paging.resume', undefined, p2m.regs.globalLogdirty !== 0 ? DIRTY : 0);
}

/** EINVAL: the page cannot be shared. One that is, or is not, already stays so. */
export const memSharing = (p2m: P2m, gfn: number, what: 'share' | 'unshare'): Rc => change(p2m, gfn, what);

/** Does what the chart says of an event; `mfn` undefined: the frame stays. */
function change(p2m: P2m, gfn: number, event: Event, mfn?: number | null, facts = 0): Rc {
  const page = p2m.getEntry(gfn);
  const { to, refused, effect, known } = p2m.pageLaw.decide(page.type, PAGE_TYPE.on[event], facts);
  if (effect === 'crash') p2m.crash();
  if (refused) return refused.errno;
  if (!known || (to === (page.type as number) && mfn === undefined)) return 0;
  return p2m.setEntry(gfn, mfn === undefined ? page.mfn : mfn, 0, to as P2mType);
}
