/** The chart of the player by itself: what it says of itself, and that what is drawn of it is what it does. */
import { expect, test } from 'vitest';
import { arrowOf, readChart } from '../engine/machines/read-chart';
import { VERSIONS } from '../engine/patches';
import { advance, EFFECTS, knows, leavesOf, PLAYER, START } from './player';
import type { PlayerEvent, PlayerFact, PlayerLeaf, PlayerState } from './player';

const XEN = VERSIONS.today;
const EVENTS = Object.keys(PLAYER.on) as PlayerEvent[];
const FACTS = Object.keys(PLAYER.is) as PlayerFact[];
const { nodes, arrows } = readChart(PLAYER);

const leaves = (part: string): PlayerLeaf[] => PLAYER.states.filter((leaf) => leaf.startsWith(`${part}.`));
const subsets = FACTS.reduce<PlayerFact[][]>((sets, fact) => [...sets, ...sets.map((set) => [...set, fact])], [[]]);

/** The player where it is in these two leaves. */
function at(...both: readonly PlayerLeaf[]): PlayerState {
  const value = (path: readonly string[]): unknown =>
    path.length === 1 ? path[0] : { [path[0]!]: value(path.slice(1)) };
  const parts = both.map((leaf) => value(leaf.split('.')) as object);
  return PLAYER.machine.resolveState({ value: { ...parts[0], ...parts[1] }, context: { xen: XEN } });
}

test('it numbers its leaves as its machine orders them, and begins with nothing open, at the desk', () => {
  expect(PLAYER.states).toEqual(nodes.filter(({ leaf }) => leaf).map(({ id }) => id));
  expect(leavesOf(START)).toEqual(['run.empty', 'stage.desk']);
});

test('every state and arrow says in a sentence what it is; every event, fact and effect has a name', () => {
  for (const { description } of [...nodes, ...arrows]) expect(description).toMatch(/^[A-Z][^<>]{8,}[.]$/);
  expect([...new Set(arrows.map(({ event }) => event))].sort()).toEqual([...EVENTS].sort());
  const asked = arrows.flatMap(({ when }) => [when.if ?? [], when.unless ?? []].flat());
  expect([...new Set(asked)].sort()).toEqual([...FACTS].sort());
  const effects = arrows.flatMap(({ effect }) => (effect === null ? [] : [effect]));
  expect([...new Set(effects)].sort()).toEqual([...EFFECTS].sort());
});

test('wherever run and stage are, the arrows that are drawn are those that are taken, for every event and set of facts', () => {
  let answers = 0;
  let known = 0;
  for (const run of leaves('run')) {
    for (const stage of leaves('stage')) {
      const from = at(run, stage);
      for (const event of EVENTS) {
        for (const facts of subsets) {
          const drawn = [run, stage].map((leaf) => arrowOf(PLAYER, XEN, leaf, event, facts));
          const taken = advance(from, event, facts);
          answers++;
          if (taken.known) known++;
          expect({ ...taken, to: leavesOf(taken.to) }).toEqual({
            known: drawn.some((arrow) => arrow !== null),
            to: [drawn[0]?.to ?? run, drawn[1]?.to ?? stage],
            effects: drawn.flatMap((arrow) => arrow?.effect ?? []),
          });
        }
      }
    }
  }
  expect([answers, known]).toEqual([16_000, 5_424]);
});

test('what the stage is set for changes nothing of what can be done with the run', () => {
  const OF_STAGE = new Set<PlayerEvent>(['pin', 'unpin', 'present', 'blank', 'leave', 'opened']);
  for (const run of leaves('run')) {
    for (const event of EVENTS.filter((one) => !OF_STAGE.has(one))) {
      const [desk, ...others] = leaves('stage').map((stage) => {
        const { to, effects } = advance(at(run, stage), event, FACTS);
        return { run: leavesOf(to)[0], effects };
      });
      for (const other of others) expect({ event, ...other }).toEqual({ event, ...desk });
    }
  }
});

test('while a question is open nobody moves, plays or does anything, and what is looked at can change', () => {
  const asking = at('run.predicting', 'stage.desk');
  expect(EVENTS.filter((event) => knows(asking, event, FACTS))).toEqual([
    'open',
    'look',
    'answer',
    'skip',
    'broke',
    'pin',
    'present',
  ]);
});

test('every state can be come to from the first one, and be left', () => {
  const reached = new Set<string>();
  const queue: PlayerState[] = [START];
  const ways = new Map<string, number>();
  for (let from = queue.pop(); from; from = queue.pop()) {
    const name = leavesOf(from).join(' ');
    if (reached.has(name)) continue;
    reached.add(name);
    for (const event of EVENTS) {
      for (const facts of subsets) {
        const { to } = advance(from, event, facts);
        if (leavesOf(to).join(' ') !== name) ways.set(name, (ways.get(name) ?? 0) + 1);
        queue.push(to);
      }
    }
  }
  expect(reached.size).toBe(leaves('run').length * leaves('stage').length);
  expect([...ways.keys()].sort()).toEqual([...reached].sort());
});
