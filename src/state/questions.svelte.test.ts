/** When a question is put, what becomes of an answer, and how playing goes on. */
import { flushSync } from 'svelte';
import { expect, test, vi } from 'vitest';
import { Desk } from './desk.svelte';
import { recall } from './prefs';
import { asking, prompt, question, sees } from './questions/testing';
import { runThere } from './questions/there';
import { Questions } from './questions.svelte';
import { session } from './session-testing';

test('a visitor is not stopped, until a lesson is opened as one or the user wants it so', async () => {
  const { it, questions, settled, put } = await asking();
  questions.ask('off');
  expect([questions.on, recall('questions')]).toEqual([false, 'off']);
  await it.seek(3);
  await it.next();
  await settled();
  expect([it.step, questions.phase]).toEqual([4, 'none']);
  questions.begin();
  expect(questions.mode).toBe('off');
  localStorage.clear();
  questions.begin();
  expect([questions.mode, recall('questions')]).toEqual(['lesson', null]);
  await it.seek(3);
  await put();
  expect([it.step, it.is('run.predicting'), questions.question?.step]).toEqual([3, true, 4]);
  expect(new Questions(session().it).mode).toBe('off');
  questions.ask('lesson');
  expect(new Questions(session().it).mode).toBe('lesson');
});

test('an answer waits for how sure it is, then its step is shown, what is true, and what was seen', async () => {
  const { it, questions, put, settled } = await asking();
  await it.seek(3);
  await put();
  questions.sure('know');
  expect(questions.phase).toBe('asked');
  questions.pick(0);
  questions.pick(2);
  questions.pick(0);
  questions.sure('think');
  await settled();
  expect([it.step, questions.phase, questions.put?.said]).toEqual([5, 'revealed', 0]);
  expect(questions.answers).toEqual([
    {
      step: 4,
      ask: 'sees',
      said: sees('qemu'),
      confidence: 'think',
      truth: sees('xengt'),
      saw: null,
      votes: null,
    },
  ]);
  expect(questions.entries[0]!.text).toBe('Who sees it?');
  questions.look();
  questions.see(1);
  expect([questions.phase, questions.answers[0]!.saw]).toEqual(['seen', sees('xengt')]);
  questions.close();
  expect([questions.phase, questions.question]).toEqual(['none', null]);
});

test('not sure is an answer by itself; what is shown goes away with its step; nothing is put twice until it is asked again', async () => {
  const { it, questions, put, settled } = await asking();
  await it.seek(3);
  await put();
  questions.pick(null);
  await settled();
  expect([questions.phase, questions.answers[0]!.said, questions.answers[0]!.confidence]).toEqual([
    'revealed',
    null,
    null,
  ]);
  await it.next();
  await settled();
  expect([it.step, questions.phase]).toEqual([6, 'none']);
  await it.seek(3);
  await it.next();
  await settled();
  expect(it.step).toBe(4);
  await questions.again();
  flushSync();
  expect([it.step, questions.answers.length]).toEqual([2, 1]);
  await it.next();
  await put();
  expect(questions.question?.step).toBe(4);
});

test('passed over, or with nothing to ask, it goes on as the user wanted: by a step, or playing to the next question', async () => {
  const { it, questions, ask, put, settled } = await asking();
  await it.seek(3);
  await put();
  questions.pass();
  await settled();
  expect([it.step, questions.phase, questions.answers]).toEqual([4, 'none', []]);
  await questions.again();
  it.pace.set(60);
  ask.mockImplementationOnce(async () => null);
  await put(it.play);
  expect([it.step, questions.question?.step]).toEqual([7, 8]);
  questions.pass();
  await settled();
  expect(it.step).toBe(10);
});

test('a hop stops before the question and puts it; a second hop passes it no more than the first', async () => {
  const { it, questions, put } = await asking([prompt(5)]);
  await it.seek(3);
  await put(it.nextTrapped);
  expect([it.step, questions.question?.step]).toEqual([4, 5]);
  it.skip();
  flushSync();
  expect(questions.phase).toBe('none');
  await put(it.nextTrapped);
  expect([it.step, questions.question?.step]).toEqual([4, 5]);
});

test('two questions before one step are both put before either is shown', async () => {
  const { it, questions, put, settled, ask } = await asking([prompt(4), prompt(4, 'outcome')]);
  await it.seek(3);
  await put();
  questions.pick(1);
  questions.sure('know');
  flushSync();
  await vi.waitFor(() => expect(questions.phase).toBe('asked'));
  expect([it.step, ask.mock.calls.map(([of]) => of)]).toEqual([3, [{ prompt: 0 }, { prompt: 1 }]]);
  questions.pick(0);
  questions.sure('guess');
  await settled();
  expect([questions.phase, questions.put?.said]).toEqual(['revealed', 1]);
  questions.close();
  expect([questions.phase, questions.put?.said]).toEqual(['revealed', 0]);
  questions.close();
  expect(questions.phase).toBe('none');
});

test('a class votes twice, sees what is true, and both votes are kept; back is the first vote, then away', async () => {
  const { it, questions, put, settled } = await asking();
  const { hands } = questions;
  await it.seek(3);
  it.present();
  await put();
  hands.raise(0, 1);
  hands.raise(0, 1);
  hands.raise(3, 1);
  hands.raise(3, -1);
  hands.raise(3, -1);
  expect([hands.raised, questions.advance(), hands.raised]).toEqual([2, true, 0]);
  questions.retreat();
  expect([hands.now, hands.first]).toEqual([[2, 0, 0, 0], null]);
  questions.advance();
  hands.raise(1, 1);
  questions.advance();
  await settled();
  expect([it.step, it.presenting, questions.phase]).toEqual([5, true, 'revealed']);
  const [answered] = questions.answers;
  expect([answered!.said, answered!.votes]).toEqual([
    null,
    { options: [sees('qemu'), sees('xengt'), sees('nobody'), null], first: [2, 0, 0, 0], second: [0, 1, 0, 0] },
  ]);
  expect([questions.advance(), questions.phase, questions.advance()]).toEqual([true, 'none', false]);
  await it.seek(7);
  await put();
  questions.retreat();
  flushSync();
  expect([questions.phase, it.is('run.ready.idle'), questions.retreat()]).toEqual(['none', true, false]);
  hands.setRoom(36.7);
  expect([hands.room, recall('room')]).toEqual([36, '36']);
  hands.setRoom(Number('x'));
  expect(hands.room).toBeNull();
});

test('who is Xen is asked at each fault and hypercall, and at nothing else', async () => {
  const { it, questions, put, ask } = await asking();
  questions.toggleXen();
  expect([1, 2, 3, 4, 5, 6, 7].filter((step) => questions.due(step))).toEqual([3, 4, 5, 7]);
  await put();
  expect([it.step, ask.mock.calls]).toEqual([2, [[{ step: 3, ask: 'xen' }, expect.anything()]]]);
  questions.toggleXen();
  expect([questions.mode, recall('questions')]).toEqual(['lesson', 'lesson']);
  flushSync();
  expect([questions.phase, it.is('run.ready.idle')]).toEqual(['none', true]);
});

test('another run withdraws the question; answers belong to what is open, and a question that comes too late is not put', async () => {
  const { it, questions, ask, put } = await asking();
  await it.seek(3);
  await put();
  questions.pick(null);
  flushSync();
  expect(questions.answers).toHaveLength(1);
  let late!: (value: ReturnType<typeof question>) => void;
  ask.mockImplementationOnce(() => new Promise((resolve) => (late = resolve)));
  await it.seek(7);
  void it.next();
  flushSync();
  expect(questions.phase).toBe('fetching');
  await it.open({ b: 'other' });
  flushSync();
  late(question(8));
  await Promise.resolve();
  flushSync();
  expect([questions.phase, questions.answers]).toEqual(['none', []]);
  questions.restore([
    { step: 4, ask: 'sees', said: null, confidence: null, truth: sees('xengt'), saw: null, votes: null },
  ]);
  expect([questions.answers.length, questions.due(4), questions.due(8)]).toEqual([1, false, true]);
});

test('run where another answer is true: the same scenario on those patches, at the step that shows it there', async () => {
  const { it, questions, put, settled, server } = await asking();
  const desk = new Desk(it, [{ name: 'a', title: 'A', load: () => ({ a: 1 }) }]);
  questions.opening = () => desk.chosen?.opening;
  await desk.choose('a');
  await it.seek(3);
  await put();
  questions.pick(0);
  questions.sure('know');
  await settled();
  const { put: answered } = questions;
  const there = { ...(await server.open(null, {})), prompts: [{ ...prompt(5), until: 9 }] };
  vi.mocked(server.open).mockImplementationOnce(async () => there);
  expect(await runThere(desk, answered!, answered!.question.options[0]!.sets[0]!)).toBe(true);
  flushSync();
  expect([it.step, desk.chosen?.overrides, questions.phase]).toEqual([
    9,
    { version: '4.8', patches: { off: ['claim'] } },
    'none',
  ]);
  expect(questions.answers).toHaveLength(1);
});
