/** What may happen next: every choice of the scheduler's that is enabled, each tried and taken back. */
import { CELL_FRAMES } from '../engine/census';
import { QEMU, QEMU_TAKE, TOOLSTACK, XENGT, XENGT_TAKE, type Choice } from '../engine/choice';
import { P2M, P2M_TYPE_COUNT } from '../engine/p2m-type';
import { apply, enabled } from '../engine/step';
import type { Actor } from '../engine/trace';
import { vcpuActor, type World } from '../engine/world';
import { lineOfChoice } from '../scenarios/lines';
import { framesPicture, NO_ENTRY } from './frames-picture';
import type { NextChoice, NextPicture } from './protocol';
import { tableChanges } from './table-changes';

/** Frames named whose type a choice would change; cells that are looked through for them. */
const MOST_NAMED = 8;
const MOST_CELLS = 64;

/** `taken`: what the run does here; null: it ends. */
export function nextPicture(w: World, taken: Choice | null, free: boolean): NextPicture {
  const before = w.fork();
  return { choices: enabled(w).map((choice) => tried(w, before, choice, taken)), free };
}

function tried(w: World, before: World, choice: Choice, taken: Choice | null): NextChoice {
  const mark = w.store.mark();
  try {
    apply(w, choice);
    const { events } = w.trace;
    return {
      choice,
      line: lineOfChoice(choice),
      actor: events[0]?.actor ?? actorOf(choice),
      vcpu: vcpuOf(choice),
      events,
      errno: events.findLast(({ errno }) => errno)?.errno ?? null,
      ...typesChanged(w, before),
      taken: choice === taken,
    };
  } finally {
    w.store.rollback(mark);
  }
}

/** Whom a choice names. */
function actorOf(choice: Choice): Actor {
  if (choice === TOOLSTACK) return 'toolstack';
  if (choice === QEMU || choice >= QEMU_TAKE) return 'qemu';
  return choice >= XENGT ? 'xengt' : vcpuActor(choice);
}

const vcpuOf = (choice: Choice): number | null =>
  choice < XENGT ? choice : choice >= XENGT_TAKE ? choice % (QEMU_TAKE - XENGT_TAKE) : null;

/** Frames whose stored type is another than it was; one that has no entry counts as what Xen answers for it. */
function typesChanged(w: World, before: World): Pick<NextChoice, 'types' | 'changed'> {
  const types: NextChoice['types'][number][] = [];
  const { cells } = tableChanges(before, w);
  let found = 0;
  for (const cell of cells.slice(0, MOST_CELLS)) {
    const first = cell * CELL_FRAMES;
    const then = framesPicture(before, before, first, CELL_FRAMES).types;
    const now = framesPicture(w, before, first, CELL_FRAMES).types;
    for (let i = 0; i < CELL_FRAMES; i++) {
      const from = stored(then[i]!);
      const to = stored(now[i]!);
      if (from === to) continue;
      found++;
      if (types.length < MOST_NAMED) types.push({ gfn: first + i, from, to });
    }
  }
  return { types, changed: cells.length > MOST_CELLS ? Math.max(found, moved(w, before)) : found };
}

const stored = (type: number): number => (type === NO_ENTRY ? P2M.mmio_dm : type);

/** Frames by which the types of the guest have grown, which is how many have another, but for those that changed places. */
function moved(w: World, before: World): number {
  let frames = 0;
  for (let type = 0; type < P2M_TYPE_COUNT; type++)
    frames += Math.max(0, w.census.total(type) - before.census.total(type));
  return frames;
}
