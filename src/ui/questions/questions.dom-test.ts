/** The question below the sentence, to a class, and the answers as a list and a file. */
import { fireEvent, render, screen, within } from '@testing-library/svelte';
import { flushSync } from 'svelte';
import { expect, test, vi } from 'vitest';
import { Desk } from '../../state/desk.svelte';
import { asking, question, sees } from '../../state/questions/testing';
import { CELL_COUNTS } from '../../layout/types';
import type { AnyEvent } from '../../engine/trace';
import type { Picture, Question } from '../../worker/protocol';
import type { Questions } from '../../state/questions.svelte';
import { answerText, questionText, setText } from '../../words/questions';
import Answers from './Answers.svelte';
import ClassQuestion from './ClassQuestion.svelte';
import QuestionStrip from './QuestionStrip.svelte';
import { answersFile } from './results';

const squeeze = (element: Element | null | undefined) => element?.textContent?.replace(/\s+/g, ' ').trim();
const strip = () => screen.getByRole('region', { name: 'Question' });
const options = () => within(screen.getByRole('group', { name: 'Answers' })).getAllByRole('button');
const key = (name: string) => fireEvent.keyDown(document.activeElement!, { key: name });

/** The question before step 4, put, while a button elsewhere had the focus. */
async function shown() {
  const made = await asking();
  const desk = new Desk(made.it, [{ name: 'a', title: 'A', load: () => ({ a: 1 }) }]);
  made.questions.opening = () => desk.chosen?.opening;
  await desk.choose('a');
  await made.it.seek(3);
  const button = document.createElement('button');
  document.body.append(button);
  button.focus();
  await made.put();
  const view = render(QuestionStrip, { questions: made.questions, desk });
  flushSync();
  return { ...made, ...view, desk, button };
}

test('the question takes the focus, a number picks, how sure answers, and the focus goes back', async () => {
  const { it, questions, settled, unmount, button } = await shown();
  expect(document.activeElement).toBe(strip());
  expect(squeeze(strip().querySelector('.question'))).toBe('Who sees it?');
  expect(options().map(squeeze)).toEqual([
    'A QEMU, the default server',
    'B XenGT: it is sent the access',
    'C Nobody: it goes straight to the page',
    'D Not sure',
  ]);
  const sure = () => screen.getByRole<HTMLButtonElement>('button', { name: 'I know' });
  expect(sure().disabled).toBe(true);
  await key('ArrowRight');
  await key('ArrowRight');
  expect(document.activeElement).toBe(options()[1]);
  await key('2');
  flushSync();
  expect([options()[1]!.getAttribute('aria-pressed'), sure().disabled]).toEqual(['true', false]);
  await vi.waitFor(() => expect(squeeze(document.activeElement)).toBe('A guess'));
  await fireEvent.click(sure());
  await settled();
  expect([it.step, questions.answers[0]!.confidence]).toEqual([5, 'know']);
  expect(squeeze(screen.getByRole('status'))).toBe('Right. XenGT: it is sent the access.');
  expect(document.activeElement).toBe(strip());
  unmount();
  flushSync();
  expect(document.activeElement).toBe(button);
});

test('a wrong choice says where it would be true, and is run there; a choice of no version says so', async () => {
  const { desk, questions, settled, unmount } = await shown();
  await key('1');
  await fireEvent.click(screen.getByRole('button', { name: 'I think so' }));
  await settled();
  expect(squeeze(strip().querySelector('.text'))).toBe(
    'Who sees it? Not so. You said: QEMU, the default server. What is true: XenGT: it is sent the access. The claim decides.',
  );
  const rows = within(strip()).getAllByRole('listitem');
  expect(rows.map(squeeze)).toEqual([
    'A QEMU, the default server your answer true on Xen 4.8: p2m_ioreq_server, without "A server claims the type" Run it there',
    'B XenGT: it is sent the access right',
    'C Nobody: it goes straight to the page true on no version tried here',
  ]);
  expect(rows[1]!.getAttribute('aria-current')).toBe('true');
  await fireEvent.click(screen.getByRole('button', { name: /^Run it there/ }));
  await vi.waitFor(() => expect(desk.chosen?.overrides).toEqual({ version: '4.8', patches: { off: ['claim'] } }));
  await settled();
  expect(questions.shown).toBe(false);
  unmount();
});

test('what was seen is asked once more, and Esc closes; Esc passes a question over', async () => {
  const { it, questions, put, settled, unmount } = await shown();
  await fireEvent.click(screen.getByRole('button', { name: /Not sure/ }));
  await settled();
  await fireEvent.click(screen.getByRole('button', { name: 'What did you just see?' }));
  flushSync();
  await key('3');
  flushSync();
  expect(squeeze(strip().querySelector('.text'))).toContain('It was not: what you saw is that XenGT: it is sent');
  expect(questions.answers[0]!.saw).toEqual(sees('nobody'));
  await key('Escape');
  expect(questions.shown).toBe(false);
  unmount();
  await it.seek(7);
  await put();
  const second = render(QuestionStrip, { questions, desk: new Desk(it, []) });
  flushSync();
  await key('Escape');
  await settled();
  expect([it.step, questions.answers.length]).toEqual([8, 1]);
  second.unmount();
});

const about = (step: number, actor: string, code: string, params: object): AnyEvent =>
  ({ step, index: 0, actor, code, params, cause: null, costs: {} }) as unknown as AnyEvent;

/** Of four frames the third is XenGT's, and marked. */
const SHOWN = {
  map: {
    cells: 4,
    changed: Uint32Array.of(3),
    counts: new Uint16Array(CELL_COUNTS).fill(1),
    census: [511, ...new Array<number>(14).fill(0), 1],
  },
  lanes: {
    from: 1,
    to: 6,
    events: [
      about(2, 'xengt', 'dm.create', { server: 2 }),
      about(3, 'xengt', 'dm.enable', { server: 2 }),
      about(4, 'xengt', 'dm.claim', { server: 2 }),
    ],
    locks: [],
    waits: [],
    ends: [],
  },
  servers: [{ id: 2, name: 'XenGT', claim: 0, cap: 256, memory: [{}, {}], others: [] }],
  frames: {
    first: 0,
    types: new Uint8Array(512).fill(0).fill(15, 0x12, 0x13),
    pending: new Uint8Array(512).fill(255).fill(2, 0x12, 0x13),
  },
  entry: { gfn: 0x12, stored: 15, path: [{ level: 0, low: 1, high: 0 }] },
};
async function voting(asks: Partial<Question> = {}): Promise<{ questions: Questions; unmount: () => void }> {
  const { it, questions, put, server, ask } = await asking();
  ask.mockImplementation(async () => question(4, asks));
  const seek = server.seek.getMockImplementation()!;
  server.seek.mockImplementation(
    async (step, view) => ({ ...(await seek(step, view))!, ...SHOWN }) as unknown as Picture,
  );
  await it.seek(3);
  it.info = {
    ...it.info!,
    claims: true,
    paging: 'ept',
    typeNames: Array.from({ length: 16 }, (_, n) => (n === 15 ? 'ioreq_server' : n === 0 ? 'ram_rw' : `t${n}`)),
  };
  it.present();
  await put();
  const { unmount } = render(ClassQuestion, { questions });
  flushSync();
  return { questions, unmount };
}

test('hands are counted by tapping, out of sight until the second vote; the frame asked about is in the frame', async () => {
  const { questions, unmount } = await voting();
  const row = (letter: string) => screen.getByRole('button', { name: new RegExp(`^${letter}, .*add a hand`) });
  const frames = within(screen.getByRole('list', { name: 'Frames that it is about' })).getAllByRole('listitem');
  expect(frames.map((one) => one.querySelector('.unseen')!.textContent)).toEqual([
    'frame 0x10: ram_rw',
    'frame 0x11: ram_rw',
    'frame 0x12: ioreq_server, marked for recalculation',
    'frame 0x13: ram_rw',
  ]);
  expect(frames[2]!.getAttribute('aria-current')).toBe('true');
  expect([...document.querySelectorAll('dd')].map(squeeze)).toEqual([
    'nobody',
    'recalc hatched: worked out at the next touch',
    'r 1 w 0 x 0 ioreq_server',
  ]);
  await fireEvent.click(row('A'));
  await fireEvent.click(row('A'));
  await fireEvent.click(row('D'));
  await fireEvent.click(screen.getByRole('button', { name: 'Take a hand from D' }));
  const room = screen.getByRole('spinbutton', { name: 'People in the room' });
  await fireEvent.change(room, { target: { value: '36' } });
  flushSync();
  expect([squeeze(document.querySelector('.vote')), document.querySelector('.count')]).toEqual([
    'First vote, alone 2 hands of',
    null,
  ]);
  questions.advance();
  flushSync();
  await fireEvent.click(row('B'));
  expect([...document.querySelectorAll('.count')].map(squeeze)).toEqual([
    '2, then 0',
    '0, then 1',
    '0, then 0',
    '0, then 0',
  ]);
  unmount();
});

test('a hypercall about no page in particular has those of the type beside it, one for a range how full the ranges are', async () => {
  const drawn = () =>
    within(screen.getByRole('list', { name: 'Frames that it is about' }))
      .getAllByRole('listitem')
      .map((one) => [squeeze(one.querySelector('.unseen')), one.getAttribute('aria-current')]);
  const claim = await voting({
    ask: 'errno',
    gfn: null,
    about: about(4, 'xengt', 'dm.claim', { server: 2, flags: 2 }),
  });
  expect(drawn()).toEqual([['frame 0x12: ioreq_server, marked for recalculation', null]]);
  expect([...document.querySelectorAll('dd')].map(squeeze)).toEqual(['nobody', '1 of type ioreq_server']);
  expect(screen.queryByRole('img', { name: /ranges/ })).toBeNull();
  claim.unmount();
  const range = { server: 2, start: 0x13000, end: 0x13fff, ranges: 3, list: 'memory' };
  const map = await voting({ ask: 'errno', gfn: null, about: about(4, 'xengt', 'dm.mapRange', range) });
  expect(drawn()[3]).toEqual(['frame 0x13: ram_rw', 'true']);
  expect(screen.getByRole('img', { name: 'ranges of XenGT: 2 of 256' })).toBeTruthy();
  expect([...document.querySelectorAll('dd')].map(squeeze)).toEqual(['nobody']);
  map.unmount();
});

test('the last six events are told below the picture, and none of a later step', async () => {
  const { unmount } = await voting();
  const events = within(screen.getByRole('list', { name: 'The last events' })).getAllByRole('listitem');
  expect(events.map(squeeze)).toEqual(['step 2, XenGT: create server', 'step 3, XenGT: enable']);
  unmount();
});

test('the truth stands in the frame with both votes beside it, others with where they would be true', async () => {
  const { questions, unmount } = await voting();
  questions.hands.raise(0, 1);
  questions.advance();
  questions.hands.raise(1, 1);
  questions.advance();
  await vi.waitFor(() => expect(questions.session.picture?.step).toBe(5));
  flushSync();
  const rows = within(screen.getByRole('region', { name: 'Question to the class' }))
    .getAllByRole('listitem')
    .filter((row) => row.querySelector('.row'));
  expect(rows.map((row) => squeeze(row.querySelector('.text')))).toEqual([
    'QEMU, the default server true on Xen 4.8: p2m_ioreq_server, without "A server claims the type"',
    'XenGT: it is sent the access right',
    'Nobody: it goes straight to the page',
    'Not sure',
  ]);
  expect(rows.map((row) => row.getAttribute('aria-current'))).toEqual([null, 'true', null, null]);
  expect(questions.answers[0]!.votes).toMatchObject({ first: [1, 0, 0, 0], second: [0, 1, 0, 0] });
  unmount();
});

test('the list counts what is right, and switches the questions', async () => {
  const { questions, settled, unmount } = await shown();
  questions.pick(1);
  questions.sure('think');
  await settled();
  unmount();
  const list = render(Answers, { open: true, questions });
  flushSync();
  expect(screen.getByText(/1 of 1 right/)).toBeTruthy();
  const cells = [...document.querySelectorAll('tbody tr:first-child > *')].map(squeeze);
  expect(cells).toEqual([
    '4',
    'Who sees it?',
    'right XenGT: it is sent the access',
    'I think so',
    'XenGT: it is sent the access',
    'not asked',
  ]);
  await fireEvent.click(screen.getByRole('checkbox', { name: 'Questions of the lesson' }));
  expect(questions.mode).toBe('off');
  list.unmount();
});

test('the file has a row an answer, and nothing in it is a formula', () => {
  const { options } = question(4);
  const answered = { step: 4, ask: 'sees', truth: sees('xengt'), votes: null } as const;
  const entries = [
    {
      ...{ text: '=1+1, "so"', version: 'claim', prompt: 0 },
      answered: { ...answered, said: sees('qemu'), confidence: 'think', saw: sees('xengt') },
    },
    {
      ...{ text: null, version: '@x', prompt: 1 },
      answered: {
        ...answered,
        ...{ said: null, confidence: null, saw: null },
        votes: { options: [...options.map(({ answer }) => answer), null], first: [1, 2, 3, 4], second: [0, 10, 0, 0] },
      },
    },
  ] as const;
  expect(answersFile('-Lesson', entries).split('\r\n')).toEqual([
    'scenario,version,step,ask,question,answer,confidence,truth,verdict,seen,seenRight,options,firstVote,secondVote',
    '\'-Lesson,claim,4,sees,"\'=1+1, ""so""","QEMU, the default server",think,XenGT: it is sent the access,wrong,XenGT: it is sent the access,yes,,,',
    "'-Lesson,'@x,4,sees,,,,XenGT: it is sent the access,class,,," +
      '"QEMU, the default server | XenGT: it is sent the access | Nobody: it goes straight to the page | Not sure",1 | 2 | 3 | 4,0 | 10 | 0 | 0',
    '',
  ]);
});

test('answers and questions are said by their codes; a code that nobody knows is shown as it is', () => {
  expect(answerText({ ask: 'value', low: 0x10, high: 1 })).toBe('0x100000010');
  expect(answerText({ ask: 'cost', cost: 'exits', count: 1 })).toBe('1 exit');
  expect(answerText({ ask: 'errno', errno: 'EBUSY' })).toBe('EBUSY: somebody has it, or something is left over');
  expect(answerText({ ask: 'never', why: 'retries' })).toContain('It never comes to an end: it is tried again');
  expect(answerText({ ask: 'outcome', outcome: 'constructor' })).toBe('constructor');
  expect(setText({ version: 'nonsense', patches: { on: ['claim'] } })).toBe(
    'nonsense, with "A server claims the type"',
  );
  expect(questionText(question(1, { ask: 'type', gfn: 0x12 }))).toBe('Of which type is frame `0x12` afterwards?');
});
