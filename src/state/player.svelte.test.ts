/** A session led along the chart of the player, with a worker that answers when it is told to: both must be in the same state. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { edgeName, edgesFrom, simplePaths, type Edge, type Path } from '../engine/machines/paths-testing';
import { readChart } from '../engine/machines/read-chart';
import { VERSIONS } from '../engine/patches';
import { BrokenError, RefusedError } from '../worker/client';
import type { Picture, SessionInfo } from '../worker/protocol';
import { PLAYER } from './player';
import type { PlayerEvent, PlayerLeaf } from './player';
import type { Server } from './server';
import { Session } from './session.svelte';

const XEN = VERSIONS.today;
const LAST = 9;

beforeEach(() => {
  localStorage.clear();
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

class Answer<T> {
  resolve!: (value: T) => void;
  reject!: (error: Error) => void;
  readonly promise = new Promise<T>((yes, no) => ([this.resolve, this.reject] = [yes, no]));
}

/** A session, and its worker's part in it. */
class Player {
  #run: Answer<SessionInfo> | undefined;
  #picture: Answer<Picture | undefined> | undefined;
  #found: Answer<number | null> | undefined;
  #step = 0;
  readonly session = new Session(() => this.#worker());

  #worker(): Server {
    const run = () => (this.#run = new Answer<SessionInfo>()).promise;
    return {
      check: async () => [],
      question: async () => null,
      where: async () => null,
      open: run,
      perform: run,
      undo: run,
      seek: (step) => {
        this.#picture?.resolve(undefined);
        this.#step = step;
        return (this.#picture = new Answer<Picture | undefined>()).promise;
      },
      firstBroken: () => (this.#found = new Answer<number | null>()).promise,
      trace: () => new Promise(() => undefined),
      stop: () => undefined,
      cancel: () => undefined,
      close: () => undefined,
    };
  }

  async #settle(): Promise<void> {
    await vi.advanceTimersByTimeAsync(0);
  }
  async #show(): Promise<void> {
    const map = { cells: 0, changed: new Uint32Array(0), counts: new Uint16Array(0) };
    this.#picture!.resolve({ step: this.#step, map } as unknown as Picture);
    this.#picture = undefined;
    await this.#settle();
  }
  async #compute(): Promise<void> {
    this.#run!.resolve({
      steps: LAST,
      start: 2,
      marks: [],
      kinds: new Uint8Array(LAST),
      undoable: 1,
      acts: [],
    } as unknown as SessionInfo);
    this.#run = undefined;
    await this.#settle();
    await this.#show();
  }

  /** What makes each event happen; `last`: the picture that comes is that of the last step. */
  readonly #does: Record<PlayerEvent, (last: boolean) => unknown> = {
    open: () => this.session.open('x'),
    opened: async () => {
      // Another run is opened by the way where the path is one of the stage's.
      if (!this.session.is('run.opening')) void this.session.open('y');
      await this.#compute();
    },
    performed: () => this.#compute(),
    recovered: () => this.#compute(),
    refused: () => this.#run!.reject(new RefusedError([{ path: 'x', message: 'y' }])),
    broke: () => {
      const gone = new BrokenError('gone');
      if (this.session.status === 'opening') return this.#run!.reject(gone);
      // Nobody learns of a dead worker but by asking it.
      if (this.session.is('run.predicting')) void this.session.look({ gma: 1 });
      else if (!this.#picture) void this.session.toFirstBroken('owner.one');
      return (this.#picture ?? this.#found!).reject(gone);
    },
    arrived: (last) => {
      if (last) this.session.info = { ...this.session.info!, steps: this.#step };
      return this.#show();
    },
    tick: () => vi.advanceTimersByTimeAsync(1000),
    stop: () => this.session.stop(),
    seek: () => this.session.seek(4),
    look: () => this.session.look({ gfn: 1 }),
    find: () => this.session.toFirstBroken('owner.one'),
    play: () => this.session.play(),
    pause: () => this.session.pause(),
    ask: () => this.session.ask(),
    answer: () => this.session.answer(),
    skip: () => this.session.skip(),
    perform: () => this.session.perform({ choice: 0 }),
    undo: () => this.session.takeBack(),
    recover: () => this.session.recover(),
    pin: () => this.session.pin(),
    unpin: () => this.session.unpin(),
    present: () => this.session.present(),
    blank: () => this.session.blank(),
    leave: () => this.session.leave(),
  };

  async do({ event, facts }: Edge): Promise<readonly PlayerLeaf[]> {
    void this.#does[event as PlayerEvent](facts.includes('end'));
    await this.#settle();
    return this.session.modes;
  }

  /** Does all of a path; answers what the session did not agree with. */
  async walk(path: Path): Promise<string[]> {
    const faults: string[] = [];
    for (const edge of path) {
      const modes = await this.do(edge);
      if (!modes.includes(edge.to as PlayerLeaf)) faults.push(`${edgeName(edge)}, but ${modes.join(' ')}`);
    }
    return faults;
  }
}

/** Where a walk is: the leaf of the run, and what the facts are by the way it came. */
interface Place {
  readonly leaf: string;
  readonly shown: boolean;
  readonly held: boolean;
}
const START: Place = { leaf: 'run.empty', shown: false, held: false };
const keyOf = ({ leaf, shown, held }: Place): string => `${leaf} ${shown} ${held}`;

/** What can happen at a place. Of the last step anything may be so; what can be taken back comes with each run here. */
function edgesAt({ leaf, shown, held }: Place): Edge[] {
  const facts = [...(shown ? ['shown', 'undoable'] : []), ...(held ? ['held'] : [])];
  return edgesFrom(PLAYER, XEN, { from: leaf, facts: () => [facts, [...facts, 'end']] });
}

const follow = ({ shown, held }: Place, { event, to, arrow }: Edge): Place => ({
  leaf: to,
  shown: shown || event === 'opened',
  held:
    event === 'opened' ||
    event === 'recovered' ||
    (held && !['reopen', 'recover', 'restart'].includes(arrow.effect ?? '')),
});

/** Every way that comes to no place twice. */
function ways(): { path: Path; to: Place }[] {
  const found: { path: Path; to: Place }[] = [];
  const extend = (path: Path, from: Place, been: ReadonlySet<string>): void => {
    for (const edge of edgesAt(from)) {
      const to = follow(from, edge);
      if (been.has(keyOf(to))) continue;
      found.push({ path: [...path, edge], to });
      extend([...path, edge], to, new Set([...been, keyOf(to)]));
    }
  };
  extend([], START, new Set([keyOf(START)]));
  return found;
}
const all = ways();
/** To each place the shortest way. */
const shortest = new Map<string, { path: Path; to: Place }>([[keyOf(START), { path: [], to: START }]]);
for (const way of all)
  if (way.path.length < (shortest.get(keyOf(way.to))?.path.length ?? Infinity)) shortest.set(keyOf(way.to), way);
/** From each place everything that can happen there. */
const tries = [...shortest.values()].flatMap(({ path, to }) => edgesAt(to).map((edge) => [...path, edge]));
const OPENED = shortest.get('run.ready.idle true true')!.path;

test('every simple path of the run leads the session where it leads the chart', async () => {
  expect([all.length, Math.max(...all.map(({ path }) => path.length))]).toEqual([2507, 12]);
  // Those on which others go on are walked with them.
  const begun = new Set(all.map(({ path }) => path.slice(0, -1).map(edgeName).join()));
  const whole = all.filter(({ path }) => !begun.has(path.map(edgeName).join()));
  expect(whole.length).toBe(1003);
  for (const { path } of whole) expect(await new Player().walk(path)).toEqual([]);
});

test('so does everything that can happen at each place, also what leads back, and no arrow is left out', async () => {
  expect([shortest.size, tries.length]).toEqual([14, 76]);
  const taken = new Set(tries.map((path) => path.at(-1)!.arrow.id));
  const drawn = readChart(PLAYER).arrows.filter(({ from }) => from.startsWith('run.'));
  expect(drawn.map(({ id }) => id).filter((id) => !taken.has(id))).toEqual([]);
  for (const path of tries) expect(await new Player().walk(path)).toEqual([]);
});

test('and every simple path of the stage', async () => {
  const stage = simplePaths(PLAYER, XEN, { from: 'stage.desk', facts: () => [['shown']] });
  expect(stage.length).toBe(5);
  for (const path of stage) expect(await new Player().walk([...OPENED, ...path])).toEqual([]);
});

test.each([
  ['stage.comparing', 'pin'],
  ['stage.presenting.showing', 'present'],
] as const)('what happens to the run leaves the stage at %s, but for another run', async (stage, event) => {
  const after = tries.filter((path) => OPENED.every((edge, i) => path[i]?.arrow === edge.arrow));
  expect(after.length).toBe(69);
  for (const path of after) {
    const player = new Player();
    await player.walk(OPENED);
    player.session[event]();
    const rest = path.slice(OPENED.length);
    expect(await player.walk(rest)).toEqual([]);
    const gone = stage === 'stage.comparing' && rest.some((edge) => edge.event === 'opened');
    expect(player.session.modes[1]).toBe(gone ? 'stage.desk' : stage);
  }
});
