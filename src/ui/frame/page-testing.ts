/** A page for tests: all that commands act on, with a session whose worker the test plays. */
import { vi } from 'vitest';
import { SCENARIOS } from '../../scenarios';
import { Desk } from '../../state/desk.svelte';
import { Frame } from '../../state/frame.svelte';
import { Histories } from '../../state/histories.svelte';
import { Keep } from '../../state/keep.svelte';
import { Pool } from '../../state/pool';
import { Questions } from '../../state/questions.svelte';
import { session } from '../../state/session-testing';
import { Theme } from '../../state/theme.svelte';
import { KEYS, type ActionId, type Acts } from '../keys';
import type { Page } from './command';
import { Panes } from './panes.svelte';

/** `called`: actions that were done. */
export type TestPage = Page & { readonly called: ActionId[] };

export async function page(more: Partial<Page> = {}): Promise<TestPage> {
  const { it } = session();
  await it.open('x');
  it.picture = { ...it.picture!, audit: [{ rule: 'shadow.equals', state: 'holds' }] };
  return pageOf(it, more);
}

export function pageOf(it: Page['session'], more: Partial<Page> = {}): TestPage {
  const frame = new Frame();
  const called: ActionId[] = [];
  const ids = Object.keys(KEYS) as ActionId[];
  const acts = Object.fromEntries(ids.map((id) => [id, () => void called.push(id)])) as unknown as Acts;
  const desk = new Desk(it, SCENARIOS);
  const [questions, histories] = [new Questions(it), new Histories(it)];
  histories.turn = (run) => desk.turn(run);
  return {
    session: it,
    desk,
    questions,
    histories,
    keep: new Keep({ desk, questions, histories }),
    theme: new Theme(),
    pool: new Pool(() => {
      throw new Error('this test does no jobs');
    }),
    frame,
    panes: new Panes(frame, it),
    acts: { ...acts, place: (index) => frame.show((['overview', 'memory', 'gtt'] as const)[index]!) },
    phone: () => false,
    present: vi.fn(),
    called,
    ...more,
  };
}
