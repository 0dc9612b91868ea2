/** The games that are made of searches: they stay while other screens are looked at. */
import type { Desk } from '../desk.svelte';
import type { Pool } from '../pool';
import { Hostile } from './games-hostile.svelte';
import { Repair } from './games-repair.svelte';

export const GAMES = ['hostile', 'repair'] as const;
export type GameName = (typeof GAMES)[number];

export class Games {
  tab = $state<GameName>('hostile');
  readonly hostile: Hostile;
  readonly repair: Repair;

  constructor(desk: Desk, pool: Pool) {
    this.hostile = new Hostile(desk, pool);
    this.repair = new Repair(desk, pool);
  }
}

const all = new WeakMap<Desk, Games>();

export function gamesOf(desk: Desk, pool: Pool): Games {
  let found = all.get(desk);
  if (!found) all.set(desk, (found = new Games(desk, pool)));
  return found;
}
