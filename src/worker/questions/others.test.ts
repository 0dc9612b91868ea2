// Wrong answers are what other Xens make true: each set that is named does so when the scenario is opened with it.
import { describe, expect, test } from 'vitest';
import { patchesOf, VERSIONS } from '../../engine/patches';
import { finish } from '../../engine/slices';
import { World } from '../../engine/world';
import type { Answer, Ask, PatchSet, Place } from '../../scenarios/lesson';
import type { Question } from '../protocol';
import { ask } from './ask';
import { answerKey, optionsOf } from './options';
import { otherSets, setOf } from './sets';
import { asked, at, put, shipped, tool, truth } from './testing';

const setsOf = (question: Question, answer: Answer): readonly PatchSet[] =>
  question.options.find((option) => answerKey(option.answer) === answerKey(answer))!.sets;

const CASES: readonly [string, Place, Ask, object?][] = [
  ['asynchronous-reset', tool(1), 'cost', { cost: 'entries' }],
  ['read-modify-write', at(0, 3), 'value'],
  ['device-model-died', at(0, 2), 'outcome'],
  ['behind-the-back', at(0, 2), 'outcome'],
  ['behind-the-back', at(0, 3), 'sees'],
  ['bug-2019', tool(1), 'errno'],
  ['exec-type15', at(0, 3), 'xen'],
  ['sweep', tool(1), 'type', { gfn: 0x603 }],
  ['sweep-nothing', { event: 'dm.release', nth: 1 }, 'xen'],
  ['discard-forward', { event: 'call.setMemType', nth: 2 }, 'xen'],
  ['xsa-238', { event: 'call.mapRange', nth: 2 }, 'xen'],
];

describe.each(CASES)('%s, %o, %s', (name, place, asks, more) => {
  test('has three to five options, unlike each other, and each set gives its own', async () => {
    const session = await shipped(name);
    const question = put(session, place, asks, more)!;
    const { options, right } = question;
    expect(options.length).toBeGreaterThanOrEqual(3);
    expect(options.length).toBeLessThanOrEqual(5);
    expect(new Set(options.map(({ answer }) => answerKey(answer))).size).toBe(options.length);
    expect(options[right]!.answer).toEqual(truth(session, place, asks, more));
    expect(options.some(({ sets }, i) => i !== right && sets.length > 0)).toBe(true);
    for (const { answer, sets } of options) {
      for (const { version, patches } of sets.slice(0, 2)) {
        const other = await shipped(name, { version, patches });
        expect(truth(other, place, asks, { ...more, gfn: question.gfn })).toEqual(answer);
      }
    }
  });
});

test('EBUSY is an errno of the sweep that sweeps nothing; with the fix there is none', async () => {
  const session = await shipped('sweep-nothing');
  const question = put(session, tool(2), 'errno')!;
  expect(question.options[question.right]!.answer).toEqual({ ask: 'errno', errno: 'EBUSY' });
  const granted = setsOf(question, { ask: 'errno', errno: null });
  expect(put(session, tool(2), 'errno')).toEqual(question);
  expect(granted[0]).toEqual({ version: 'claim-sync', patches: { on: ['sweepResolves'] } });
  expect(granted).toContainEqual({ version: '4.10', patches: {} });
});

test('a read-modify-write reads all ones where Xen does not read for it', async () => {
  const question = put(await shipped('read-modify-write'), at(0, 3), 'value')!;
  const ones = setsOf(question, { ask: 'value', low: 0xffffffff, high: 0 });
  expect(ones[0]).toEqual({ version: 'claim', patches: { off: ['rmwReads'] } });
});

test('the same page is watched by another call in another version', async () => {
  const session = await shipped('sweep', { version: 'v7' });
  const place = { event: 'dm.mapRange', nth: 2 } as const;
  const question = put(session, place, 'errno')!;
  const agree = setsOf(question, { ask: 'errno', errno: null });
  expect(agree.map(({ version }) => version)).toContain('claim');
  expect(question.about).toMatchObject({ code: 'dm.mapRange', params: { start: 0x600000 } });
});

test('each set is possible, another than its own, and once', () => {
  const config = { xen: VERSIONS['4.13'], design: 'xen', numbered: 0 } as World['config'];
  const sets = otherSets('4.13', config);
  const keys = sets.map(({ xen }) => patchesOf(xen).join());
  expect(new Set(keys).size).toBe(keys.length);
  expect(keys).not.toContain(patchesOf(VERSIONS['4.13']).join());
  expect(sets.map(({ set }) => set)).toContainEqual({ version: '4.13', patches: { off: ['markLevel'] } });
  expect(sets.some(({ set: { patches } }) => patches.off?.includes('claim'))).toBe(false);
  const versions = sets.filter(({ single }) => !single).map(({ set }) => set.version);
  // 2019-08 and 4.14 are a single switch away, and have been named so.
  expect(versions.slice(0, 3)).toEqual(['4.12', '4.20', '2019-02']);
  const numbered = otherSets('4.13', { ...config, numbered: 2 });
  expect(numbered.every(({ xen }) => xen.claim)).toBe(true);
  expect(setOf('4.13', patchesOf(VERSIONS.today))).toEqual({
    version: '4.13',
    patches: { on: ['deadServerReset', 'unbufferable', 'rangesetRemoval'] },
  });
});

test('a set that asks for nothing else is not run, and gives what its own run would', async () => {
  const session = await shipped('released-meanwhile');
  const told: number[] = [];
  const report = (...numbers: number[]): void => void told.push(...numbers);
  const { questioned } = session;
  const question = finish(ask({ ...questioned, report }, { prompt: 0 }, () => 0, Infinity))!;
  const { config, version, prompts } = questioned.scenario;
  const sets = otherSets(version, config);
  expect(told).toEqual([sets.length, expect.any(Number)]);
  expect(told[1]).toBeLessThan(sets.length);
  const known = new Map(
    question.options.flatMap(({ answer, sets }) => sets.map((set) => [JSON.stringify(set), answer])),
  );
  // Two more give answers for which there is no room.
  expect(known.size).toBe(sets.length - 2);
  for (const { set } of sets) {
    if (!known.has(JSON.stringify(set))) continue;
    const other = await shipped('released-meanwhile', set);
    expect(truth(other, prompts[0]!.before, 'outcome')).toEqual(known.get(JSON.stringify(set)));
  }
});

test('a first image is the same under every Xen whose state lies alike', async () => {
  const { history, scenario } = (await shipped('sweep')).questioned;
  const { config, version } = scenario;
  const hash = history.at(0).store.hash();
  for (const { xen } of otherSets(version, config)) {
    const world = new World({ ...config, xen });
    if (xen.ramRangeset === config.xen.ramRangeset) expect(world.store.hash()).toBe(hash);
  }
});

test('no time: what is only plausible fills it up', async () => {
  const { options, right } = put(await shipped('sweep-nothing'), tool(2), 'errno', {}, true)!;
  expect(options).toHaveLength(3);
  expect(options.every(({ sets }) => sets.length === 0)).toBe(true);
  expect(options[right]!.answer).toEqual({ ask: 'errno', errno: 'EBUSY' });
});

test('counts that differ by little are one option, and the order tells nothing', () => {
  const cost = (count: number): Answer => ({ ask: 'cost', cost: 'entries', count });
  const set = { version: 'v7', patches: {} };
  const others = [1000, 1005, 500, 0, 3].map((count) => ({ set, answer: cost(count) }));
  const { options } = optionsOf(cost(1010), others, [], 'a');
  expect(options.map(({ answer }) => answer)).toHaveLength(4);
  expect(options.map(({ answer }) => answer)).not.toContainEqual(cost(1005));
  const rights = Array.from({ length: 60 }, (_, i) => optionsOf(cost(1010), others, [], `${i}`).right);
  for (const place of [0, 1, 2, 3]) expect(rights.filter((right) => right === place).length).toBeGreaterThan(5);
});

test('any step can be asked about', async () => {
  for (const name of ['first-light', 'page-track', 'device-model-died', 'npt', 'numbered']) {
    const { questioned } = await shipped(name);
    const { length } = questioned.history;
    for (let step = 1; step <= length; step += 17) {
      for (const ask of [null, 'xen', 'cost', 'type'] as const) {
        const question = asked(questioned, { step, ask });
        if (!question) continue;
        const { options, right } = question;
        expect(question.step).toBe(step);
        expect(question.until).toBeGreaterThanOrEqual(step);
        expect(options[right]).toBeDefined();
        expect(options.length).toBeGreaterThanOrEqual(3);
      }
    }
  }
});
