/** What a game is played on: a level that is shipped, or what is open, from the step that is shown. */
import { PATCHES, type PatchName } from '../../engine/patches';
import { LEVELS, type Level } from '../../explore/games/levels';
import type { Bounds } from '../../explore/search/search';
import type { Changes } from '../../scenarios/schema';
import type { Desk } from '../desk.svelte';
import { MOST_DEPTH } from './setup.svelte';
import { openedOf } from './target';

export { LEVELS };

/** Name of what is open among the levels. */
export const OPEN = 'open';

export interface Board {
  /** Of the level and whether it is the sound one, or `open`. */
  readonly id: string;
  readonly title: string;
  readonly scenario: unknown;
  readonly changes: Changes;
  /** Step of its run; where its file says if not said. */
  readonly from: number | undefined;
  readonly bounds: Bounds;
  /** Guest frames that its programs and its toolstack name, ascending; the first few. */
  readonly frames: readonly number[];
}

export const BOUNDS: Bounds = { depth: MOST_DEPTH, states: 1_000_000 };

export const levelOf = (id: string): Level | undefined => LEVELS.find((level) => level.id === id);

/** null: there is no such level, or nothing is open. */
export async function boardOf(desk: Desk, id: string, sound: boolean, bounds = BOUNDS): Promise<Board | null> {
  if (id === OPEN) {
    const opened = openedOf(desk);
    return opened && { id, ...opened, from: desk.session.step, bounds, frames: framesOf(opened.scenario) };
  }
  const level = levelOf(id);
  const shipped = level && desk.shipped.find(({ name }) => name === level.scenario);
  if (!level || !shipped) return null;
  const scenario = await shipped.load();
  const changes = { patches: sound ? level.sound : level.broken };
  const { title } = shipped;
  return {
    id: sound ? `${id} mended` : id,
    title,
    scenario,
    changes,
    from: undefined,
    bounds,
    frames: framesOf(scenario),
  };
}

/** Patches that differ between a level's Xen and the sound one, and whether it lacks them or has them. */
export function differenceOf({ broken, sound }: Level): {
  readonly patches: readonly PatchName[];
  readonly lacks: boolean;
} {
  const lacks = broken.off !== undefined;
  const of = new Set(lacks ? broken.off : sound.off);
  return { patches: PATCHES.flatMap(({ name }) => (of.has(name) ? [name] : [])), lacks };
}

const MOST_FRAMES = 6;

function framesOf(scenario: unknown): readonly number[] {
  const found = new Set<number>();
  const file: unknown = typeof scenario === 'string' ? JSON.parse(scenario) : scenario;
  const { vcpus, toolstack } = (file ?? {}) as { readonly vcpus?: unknown; readonly toolstack?: unknown };
  const text = JSON.stringify([vcpus ?? [], toolstack ?? []]);
  for (const [, number] of text.matchAll(/"gpa":"?(0x[\da-f_]+|\d+)/gi)) found.add(frameOf(number!));
  for (const [, first, nr] of text.matchAll(/first_pfn=(0x[\da-f]+|\d+) nr=(0x[\da-f]+|\d+)/gi))
    for (let n = 0; n < Math.min(Number(nr), MOST_FRAMES); n++) found.add(Number(first) + n);
  return [...found].sort((a, b) => a - b).slice(0, MOST_FRAMES);
}

const frameOf = (gpa: string): number => Math.floor(Number(gpa.replaceAll('_', '')) / 4096);
