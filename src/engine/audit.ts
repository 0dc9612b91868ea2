/**
 * What must hold in every state, each rule by name. `broken` is a finding, `open` means that the rule says nothing while
 * something is in flight, `none` that it does not apply to this version or yet. Rules that speak of the past read
 * tallies kept by the rule sites.
 */
import { isOutOfSync, shadowIsDue } from './designs';
import { frameOf, isPresent } from './xengt/gen8';
import { claimIsStuck, isOver, isReleasing, stuck } from './liveness';
import { isAway } from './vcpu';
import type { World } from './world';

export type AuditState = 'holds' | 'broken' | 'open' | 'none';

export const AUDIT = {
  /** No write that Xen trapped on a page of RAM was dropped. */
  'write.lost': (w) => (w.book.lostWrites === 0 ? 'holds' : 'broken'),
  /** No write reached a page that XenGT follows without XenGT. */
  'owner.sees': (w) => (w.book.unseenWrites === 0 ? 'holds' : 'broken'),
  'shadow.equals': (w) =>
    inFlight(w) || !shadowIsDue(w) ? 'open' : w.driver.rootGfn === null ? 'none' : shadowEquals(w) ? 'holds' : 'broken',
  'owner.one': oneOwner,
  'entry.count': (w) =>
    !w.xen.asyncReset
      ? 'none'
      : w.p2m.serverTypes.every((type) => w.p2m.outstanding(type) === w.census.total(type))
        ? 'holds'
        : 'broken',
  'release.clean': releaseClean,
  /** A type that nobody holds can be claimed again, sooner or later. */
  'claim.free': (w: World, over?: boolean) => (!w.xen.asyncReset ? 'none' : claimIsStuck(w, over) ? 'broken' : 'holds'),
  'vcpu.waits': (w: World, over?: boolean) => (stuck(w, over).some(({ vcpu }) => vcpu !== null) ? 'broken' : 'holds'),
  'ranges.sorted': rangesSorted,
} as const satisfies Record<string, (w: World, over?: boolean) => AuditState>;

export type AuditRule = keyof typeof AUDIT;
export const AUDIT_RULES = Object.keys(AUDIT) as readonly AuditRule[];

/** `over`: the run is over, for who knows. */
export const audit = (w: World, over = isOver(w)): { rule: AuditRule; state: AuditState }[] =>
  AUDIT_RULES.map((rule) => ({ rule, state: AUDIT[rule](w, over) }));

/** A write of the guest is under way, or XenGT has not finished with one. */
export function inFlight(w: World): boolean {
  return w.xengt.serving !== null || w.vcpus.some(({ phase }) => isAway(phase));
}

/** Nothing of the type is left: at once where the release sweeps, where it only marks sooner or later. */
function releaseClean(w: World, over?: boolean): AuditState {
  // A numbered type's pages keep their type when nobody holds it.
  if (!w.xen.asyncReset || w.p2m.numbered > 0 || w.p2m.claimHolder !== null) return 'none';
  if (w.p2m.regs.entryCount === 0) return 'holds';
  return isReleasing(w) || (!w.xen.syncSweep && !claimIsStuck(w, over)) ? 'open' : 'broken';
}

function oneOwner(w: World): AuditState {
  if (!w.xen.claim) return 'none';
  const exists = (server: number) => w.servers.list().some(({ id }) => id === server);
  const proper = w.p2m.serverTypes.every((type) => {
    const { server, flags } = w.p2m.getIoreqServer(type);
    return server === null ? flags === 0 : flags !== 0 && exists(server);
  });
  return proper ? 'holds' : 'broken';
}

/** Every entry of every guest table from the root down against its shadow, a guest frame against its machine frame. */
export function shadowEquals(w: World): boolean {
  const root = w.driver.rootGfn;
  if (root === null || !w.xengt.knows(root)) return true;
  const shadow = w.xengt.tables.of(root);
  return shadow !== 0 && sameTable(w, root, w.xengt.tables.mfn(shadow), 3);
}

function sameTable(w: World, gfn: number, shadowMfn: number, level: number): boolean {
  if (level === 0 && isOutOfSync(w, gfn)) return true;
  const mfn = w.mapped(gfn);
  if (mfn === null) return false;
  const guest = w.memory.page(mfn);
  const shadow = w.memory.page(shadowMfn);
  for (let i = 0; i < guest.length; i += 2) {
    const frame = isPresent(guest[i]!) ? frameOf(guest[i]!, guest[i + 1]!) : null;
    const target = isPresent(shadow[i]!) ? frameOf(shadow[i]!, shadow[i + 1]!) : null;
    if (level === 0) {
      // A frame that the guest does not have translates to nothing.
      if (target !== (frame === null ? null : w.mapped(frame))) return false;
    } else if (frame === null || target === null) {
      if (frame !== target) return false;
    } else if (!sameTable(w, frame, target, level - 1)) return false;
  }
  return true;
}

function rangesSorted(w: World): AuditState {
  for (const { id } of w.servers.list()) {
    for (const kind of w.servers.kinds) {
      const ranges = w.servers.ranges(id, kind)?.list() ?? [];
      if (ranges.length > w.config.rangeCap) return 'broken';
      for (let i = 0; i < ranges.length; i++) {
        const [start, end] = ranges[i]!;
        if (start > end || (i > 0 && start <= ranges[i - 1]![1] + 1n)) return 'broken';
      }
    }
  }
  return 'holds';
}
