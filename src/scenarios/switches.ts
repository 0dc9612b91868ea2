/** Switches of patches, over a set and over each other. */
import { patchesOf, xenWith, type PatchName, type Xen } from '../engine/patches';
import type { Switches } from './xen-set';

/** Of those made one after the other, what they come to: what is switched later counts. */
export function switchedBy({ on, off }: Switches, later: Switches): Switches {
  const both = (way: 'on' | 'off', first: Switches['on'], against: Switches['on']): Switches => {
    const names = new Set([...(first ?? []).filter((name) => !against?.includes(name)), ...(later[way] ?? [])]);
    return names.size > 0 ? { [way]: [...names] } : {};
  };
  return { ...both('on', on, later.off), ...both('off', off, later.on) };
}

/** What is to be switched to come from one set to the other. */
export function differenceOf(from: Xen, to: Xen): Switches {
  const names = (now: Xen, then: Xen): PatchName[] => patchesOf(now).filter((name) => !then[name]);
  const [on, off] = [names(to, from), names(from, to)];
  return { ...(on.length > 0 ? { on } : {}), ...(off.length > 0 ? { off } : {}) };
}

/** A set with those switched. */
export const withSwitches = (xen: Xen, { on = [], off = [] }: Switches): Xen =>
  xenWith([...patchesOf(xen).filter((name) => !off.includes(name)), ...on]);
