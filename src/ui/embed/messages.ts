/**
 * What a page that holds this one in a frame may ask by `postMessage`, and what it is told. Each message is a plain object with
 * `p2mscope: 1` and a `type`; an `id` of the asker's is given back with the answer. What is not of that shape is refused, and
 * nothing in it is ever run.
 */
import * as v from 'valibot';
import { parseFailed } from './problems';
import type { Desk } from '../../state/desk.svelte';
import type { Session } from '../../state/session.svelte';
import { EMBED } from '../../words/embed';
import { plain } from '../../words/parts';
import type { Problem } from '../../worker/protocol';
import { saidOf } from '../said';

/** Characters of a scenario. */
const MOST = 16 * 2 ** 20;
const MOST_STEP = 2 ** 31;

const head = {
  p2mscope: v.literal(1),
  id: v.optional(v.union([v.number(), v.pipe(v.string(), v.maxLength(64))])),
};
const step = v.pipe(v.number(), v.integer(), v.minValue(-MOST_STEP), v.maxValue(MOST_STEP));
const Ask = v.variant('type', [
  /** A scenario that comes with the page, by name; or one as an object or as the text of a file. */
  v.strictObject({
    ...head,
    type: v.literal('load'),
    scenario: v.union([v.pipe(v.string(), v.maxLength(MOST, EMBED.tooLong)), v.record(v.string(), v.unknown())]),
  }),
  v.strictObject({ ...head, type: v.literal('open'), name: v.pipe(v.string(), v.maxLength(120)) }),
  v.strictObject({ ...head, type: v.literal('seek'), step }),
  v.strictObject({ ...head, type: v.literal('step'), by: v.optional(step, 1) }),
  v.strictObject({ ...head, type: v.literal('play') }),
  v.strictObject({ ...head, type: v.literal('pause') }),
  v.strictObject({ ...head, type: v.literal('state') }),
]);
type Ask = v.InferOutput<typeof Ask>;

/** Where the run stands. `sentence` as it is read; `hash` of the state, as the page and `npm run sim` print it. */
export interface State {
  readonly title: string;
  readonly version: string;
  readonly step: number;
  readonly of: number;
  readonly hash: string;
  readonly sentence: string;
  readonly playing: boolean;
}

export type Told = { readonly p2mscope: 1 } & (
  | { readonly type: 'ready' | 'opened' | 'step'; readonly state: State }
  | { readonly type: 'done'; readonly id: number | string | null; readonly state: State }
  | { readonly type: 'refused'; readonly id: number | string | null; readonly problems: readonly Problem[] }
);

export function stateOf(session: Session): State {
  const { info, picture, of, playing } = session;
  return {
    title: info?.title ?? '',
    version: info?.version ?? '',
    step: picture?.step ?? 0,
    of,
    hash: picture?.hash ?? '',
    sentence: plain(saidOf(session).sentence),
    playing,
  };
}

/** Does what a message asks. null: it is nobody's of ours, and is not answered. */
export async function answer(data: unknown, session: Session, desk: Desk): Promise<Told | null> {
  if (typeof data !== 'object' || data === null || (data as { p2mscope?: unknown }).p2mscope !== 1) return null;
  const parsed = v.safeParse(Ask, data);
  if (!parsed.success) return { p2mscope: 1, type: 'refused', id: null, problems: parseFailed(parsed.issues) };
  const id = parsed.output.id ?? null;
  const problems = await does(parsed.output, session, desk);
  if (problems.length > 0) return { p2mscope: 1, type: 'refused', id, problems };
  return { p2mscope: 1, type: 'done', id, state: stateOf(session) };
}

async function does(ask: Ask, session: Session, desk: Desk): Promise<readonly Problem[]> {
  const unless = (went: boolean): readonly Problem[] => (went ? [] : [{ path: ask.type, message: EMBED.notNow }]);
  switch (ask.type) {
    case 'open':
      if (!desk.shipped.some(({ name }) => name === ask.name))
        return [{ path: 'name', message: EMBED.noScenario(ask.name) }];
      await desk.choose(ask.name);
      return desk.refusal?.problems ?? [];
    case 'load': {
      const text = typeof ask.scenario === 'string' ? ask.scenario : JSON.stringify(ask.scenario);
      const opened = await desk.openText(EMBED.name, text);
      return opened ? [] : (desk.refusal?.problems ?? unless(false));
    }
    case 'seek':
      return unless(await session.seek(ask.step));
    case 'step':
      return unless(await session.seek(session.step + ask.by));
    case 'play':
      session.play();
      return [];
    case 'pause':
      session.pause();
      return [];
    case 'state':
      return [];
  }
}
