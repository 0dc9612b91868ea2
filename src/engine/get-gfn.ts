/**
 * A guest frame looked up by somebody who wants to use it: populated and un-shared on the way, if asked for.
 * Counterpart: xen/arch/x86/mm/p2m.c: __get_gfn_type_access, p2m_get_page_from_gfn. Left out: the p2m lock and the
 * page's reference count; a guest's own page can always be had.
 */
import type { Environment } from './dm';
import type { P2m } from './p2m';
import type { P2mClasses } from './p2m-classes';
import { isIn, P2M, type P2mAccess, type P2mType } from './p2m-type';

/** `query`: look only. `alloc`: P2M_ALLOC, populate. `unshare`: P2M_UNSHARE, populate and un-share. */
export type GfnQuery = 'query' | 'alloc' | 'unshare';

export interface Gfn {
  /** A page that cannot be populated looks like mmio_dm to who wanted it populated. */
  readonly type: P2mType;
  readonly access: P2mAccess;
  readonly mfn: number | null;
  /** Un-sharing was tried. */
  readonly unshared: boolean;
  /** A broken page was wanted: the domain has been crashed. */
  readonly crashed: boolean;
}

/** The page at `gfn` with what `query` asks for done; `environment` answers for populating and un-sharing. */
export function getGfn(p2m: P2m, gfn: number, query: GfnQuery, environment: Environment): Gfn {
  const { classes } = p2m;
  let { type, access, mfn } = p2m.getEntry(gfn);
  let unshared = false;
  if (query !== 'query') {
    if (type === P2M.populate_on_demand) {
      if (environment.populate(p2m, gfn)) ({ type, access, mfn } = p2m.getEntry(gfn));
      else type = P2M.mmio_dm;
    }
    if (query === 'unshare' && isIn(classes.SHARED, type)) {
      unshared = true;
      environment.unshare(p2m, gfn);
      ({ type, access, mfn } = p2m.getEntry(gfn));
    }
  }
  const broken = isIn(classes.BROKEN, type);
  const crashed = broken && query !== 'query';
  if (crashed) p2m.crash();
  return { type, access, mfn: broken ? null : mfn, unshared, crashed };
}

/**
 * Whether Xen's look-up names a frame (`mfn` is not INVALID_MFN). An entry of RAM that has none holds ones in all the bits
 * of its frame field, which is not the 64-bit number that Xen means by INVALID_MFN: such a page counts as having one.
 */
export function namesFrame(classes: Pick<P2mClasses, 'BROKEN'>, type: P2mType): boolean {
  return type !== P2M.mmio_dm && type !== P2M.invalid && type !== P2M.populate_on_demand && !isIn(classes.BROKEN, type);
}

export interface GuestPage {
  readonly type: P2mType;
  /** Null: there is no page that one could get. */
  readonly mfn: number | null;
}

/**
 * The page behind `gfn`, as `p2m_get_page_from_gfn` gets it: a look first, which takes any page of RAM, a grant or a foreign
 * one; what that does not give and could still come is looked up again by `query`, which takes RAM only.
 */
export function getPage(p2m: P2m, gfn: number, query: GfnQuery, environment: Environment): GuestPage {
  const { ANY_RAM, SHARED, RAM, PAGING, POD } = p2m.classes;
  const seen = getGfn(p2m, gfn, 'query', environment);
  const mustUnshare = query === 'unshare' && isIn(SHARED, seen.type);
  if (seen.mfn !== null && isIn(ANY_RAM, seen.type) && !mustUnshare) return seen;
  if (!isIn(RAM | PAGING | POD, seen.type)) return { type: seen.type, mfn: null };
  const { type, mfn } = getGfn(p2m, gfn, query, environment);
  return { type, mfn: isIn(RAM, type) ? mfn : null };
}
