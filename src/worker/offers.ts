/**
 * What could be done at a step: every choice that is enabled, and every hypercall by hand that makes sense there. Each is
 * tried and taken back, so that it is known which arrows it would take and what it would be refused with.
 */
import { lineOf, PAGING, SHARING, type Command } from '../engine/command';
import { HVMMEM, typeOfMem } from '../engine/dm';
import type { Errno } from '../engine/errno';
import { isRam } from '../engine/guest-layout';
import { apply, COMMAND, enabled, isEnabled } from '../engine/step';
import type { World } from '../engine/world';
import { lineOfChoice } from '../scenarios/lines';
import { arrowsOf } from './arrows-taken';
import type { Act, Offer } from './protocol';

/** `looked`: the frame for which hypercalls on pages are offered. */
export function offers(w: World, looked: number): Offer[] {
  const choices = enabled(w).map((choice) => tried(w, { choice }, lineOfChoice(choice), choice));
  return [...choices, ...enabledOf(w, commandsAt(w, looked)).map((command) => offered(w, command))];
}

/** Those of the hypercalls that can be done now, refused or not. */
export const enabledOf = (w: World, commands: readonly Command[]): Command[] =>
  commands.filter((command) => isEnabled(w, COMMAND, command));

/** A hypercall that can be done now. */
export const offered = (w: World, command: Command): Offer =>
  tried(w, { command }, lineOf(command, w.p2m.numbered), COMMAND, command);

function tried(w: World, act: Act, line: string, choice: number, command?: Command): Offer {
  const mark = w.store.mark();
  try {
    const taken = arrowsOf(w, () => (command ? apply(w, choice, command) : apply(w, choice)));
    const arrows = [...new Map(taken.map(({ chart, arrow }) => [`${chart} ${arrow}`, { chart, arrow }])).values()];
    return { act, line, arrows, errno: errnoOf(w) };
  } finally {
    w.store.rollback(mark);
  }
}

/** What the step that was tried was refused with. */
const errnoOf = ({ trace }: World): Errno | null => trace.events.findLast(({ errno }) => errno)?.errno ?? null;

/** Memory types that a hypercall may name: 0 to 7. */
const MEM_TYPES = [0, 1, 2, 3, 4, 5, 6, 7] as const;
const ANY_FLAGS = [1, 2, 3] as const;
/** As merged, a claim is for writes. */
const MERGED_FLAGS = [2] as const;

function commandsAt(w: World, gfn: number): Command[] {
  const { p2m } = w;
  const flags = p2m.numbered > 0 ? ANY_FLAGS : MERGED_FLAGS;
  const found: Command[] = [{ op: 'create_ioreq_server' }];
  for (const id of named(w)) {
    p2m.serverTypes.forEach((_, n) => {
      const type = HVMMEM.ioreq_server + n;
      for (const asked of [...flags, 0]) found.push({ op: 'map_mem_type_to_ioreq_server', id, type, flags: asked });
    });
    for (const on of [true, false]) found.push({ op: 'set_ioreq_server_state', id, enabled: on });
    found.push({ op: 'destroy_ioreq_server', id });
  }
  found.push(...makes(w, gfn, 1));
  for (const on of [true, false]) found.push({ op: 'log_dirty', on });
  return [...found, ...onPage(w, gfn)];
}

/** Ids of the servers that a hypercall can name, ascending. */
export const named = ({ servers }: World): number[] =>
  servers
    .list()
    .flatMap(({ id, isDefault }) => (isDefault ? [] : [id]))
    .sort((a, b) => a - b);

/** The frames made of each memory type that this version knows. */
export const makes = ({ xen, p2m }: World, first_pfn: number, nr: number): Command[] =>
  MEM_TYPES.flatMap((type) =>
    typeOfMem(xen, type, p2m.numbered) === null ? [] : [{ op: 'set_mem_type', first_pfn, nr, type }],
  );

/** What can be done to one page only. */
export function onPage({ config }: World, gfn: number): Command[] {
  // Where the guest never had memory there is no frame that was its own.
  if (!isRam(config, gfn)) return [];
  return [
    { op: 'add_to_physmap', gfn },
    { op: 'remove_from_physmap', gfn },
    ...PAGING.map((what): Command => ({ op: 'mem_paging', gfn, what })),
    ...SHARING.map((what): Command => ({ op: 'mem_sharing', gfn, what })),
  ];
}
