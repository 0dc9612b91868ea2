// What format 2 adds: lessons, questions, what is told, who chooses, what was done and is carried along.
import { describe, expect, test } from 'vitest';
import { QEMU, TOOLSTACK, XENGT, XENGT_TAKE } from '../engine/choice';
import { EVERYTHING, parsed, problems, SMALL } from './format-testing';

test('a file with every field comes to all of it', () => {
  const { config, ...scenario } = parsed(EVERYTHING);
  expect(config.programs.map((ops) => ops.length)).toEqual([2 + 9 + 4, 5]);
  expect(scenario).toEqual({
    title: 'Everything',
    text: 'A file with every field.',
    version: 'claim',
    start: 3,
    marks: [5, 9],
    steps: 4000,
    costs: { exits: 1500 },
    base: null,
    lesson: {
      number: 3,
      goal: 'Say who gets a write.',
      minutes: 15,
      level: 'changing',
      needs: ['first-light', 'a page table'],
    },
    prompts: [
      {
        before: { vcpu: 0, op: 1 },
        ask: 'outcome',
        gfn: 0x603,
        cost: null,
        text: 'What becomes of it?',
        after: 'It is sent to XenGT.',
      },
      { before: { event: 'dm.sweep', nth: 2 }, ask: 'cost', gfn: null, cost: 'exits', text: null, after: null },
      { before: { toolstack: 3 }, ask: 'errno', gfn: null, cost: null, text: null, after: null },
      { before: { step: 12 }, ask: 'xen', gfn: null, cost: null, text: null, after: null },
    ],
    narration: [
      { from: { step: 0 }, text: 'The guest is still.' },
      { from: { event: 'dm.claim', nth: 1 }, text: 'XenGT claims the type.' },
    ],
    view: { screen: 'xen', gfn: 0x603, gma: 0x20000000 },
    schedule: { script: [XENGT, QEMU, TOOLSTACK, 0, 0, 0, XENGT_TAKE], then: 'user' },
    search: { from: { vcpu: 0, op: 1 }, depth: 300, states: 100_000, patches: ['claim', 'rmwReads'] },
    acts: [
      { step: 4, act: { choice: 0 } },
      { step: 9, act: { command: { op: 'set_mem_type', first_pfn: 0x200, nr: 1, type: 0 } } },
      { step: 9, act: { schedule: 'user' } },
    ],
    carried: {
      at: { step: 20, hash: '0123456789abcdef' },
      histories: [{ name: 'The other way', acts: [{ step: 2, act: { choice: XENGT } }], step: 8 }],
      answers: [
        EVERYTHING.answers[0],
        {
          step: 6,
          ask: 'value',
          said: null,
          confidence: null,
          truth: { ask: 'value', low: 1, high: 4294967295 },
          saw: null,
          votes: null,
        },
      ],
    },
  });
});

test.each([
  ['user', { script: [], then: 'user' }],
  ['seed', { script: [], then: 'seed' }],
  [{ script: ['vcpu0'] }, { script: [0], then: 'seed' }],
  [
    { script: ['  vcpu1 x 3 '], then: 'user' },
    { script: [1, 1, 1], then: 'user' },
  ],
])('the schedule %j', (schedule, meant) => {
  expect(parsed({ ...SMALL, schedule }).schedule).toEqual(meant);
});

test('a search may say as little as nothing', () => {
  expect(parsed({ ...SMALL, search: {} }).search).toEqual({
    from: { step: 0 },
    depth: null,
    states: null,
    patches: null,
  });
  expect(parsed({ ...SMALL, search: { patches: ['claim', 'rmwReads', 'claim'] } }).search!.patches).toEqual([
    'claim',
    'rmwReads',
  ]);
});

describe('what is wrong is said with its place', () => {
  const answer = { step: 1, ask: 'type', truth: { ask: 'type', type: 'ram_rw' } };
  test.each<[object, string | RegExp]>([
    [{ schedule: 'me' }, 'schedule: must be one of "seed", "user"'],
    [{ schedule: null }, 'schedule: must be one of "seed", "user"'],
    [{ schedule: { script: 'vcpu0' } }, /^schedule\.script: must be a list of choices/],
    [{ schedule: { script: [], then: 'me' } }, 'schedule.then: must be one of "seed", "user"'],
    [{ schedule: { script: ['vcpu0 x0'] } }, /^schedule\.script\[0\]: "vcpu0 x0" is nobody who could act/],
    [{ schedule: { script: Array(3).fill('vcpu0 x1000000') } }, 'schedule.script: comes to more than 2000000 steps'],
    [{ lesson: { number: 1, goal: 'G', minutes: 20, level: 'changing' } }, 'lesson.minutes: must be one of 5, 15, 50'],
    [
      { prompts: [{ before: 1, ask: 'cost' }] },
      'prompts[0]: asks for a cost, but not for which | For example "cost": "exits"',
    ],
    [{ prompts: [{ before: 1, ask: 'type', cost: 'exits' }] }, 'prompts[0]: has a "cost", but asks for something else'],
    [
      { prompts: [{ before: 'vcpu0[1]', ask: 'type' }] },
      'prompts[0].before: vCPU 0 has 1 operations: there is no [1] | The last is [0].',
    ],
    [{ prompts: [{ before: 'vcpu2[0]', ask: 'type' }] }, 'prompts[0].before: there is no vCPU 2: must be below 1'],
    [
      { narration: [{ from: 'toolstack[0]', text: 'x' }] },
      'narration[0].from: the toolstack has 0 operations: there is no [0]',
    ],
    [{ narration: [{ from: 0, text: 'x'.repeat(401) }] }, 'narration[0].text: is longer than 400 characters'],
    [{ search: { from: 'vcpu0[1]' } }, 'search.from: vCPU 0 has 1 operations: there is no [1] | The last is [0].'],
    [{ search: { depth: 0 } }, 'search.depth: is below 1'],
    [{ search: { patches: ['clam'] } }, /^search\.patches\[0\]: must be one of .* \| Perhaps "claim" is meant\.$/],
    [{ search: { rule: 'write.lost' } }, /^search\.rule: is no field of a search/],
    [{ screen: '<b>' }, 'screen: is no name of a screen'],
    [{ look: { gfn: '0x10_0000_0000' } }, 'look.gfn: a frame is below 2^36'],
    [
      {
        acts: [
          { step: 5, do: 'vcpu0' },
          { step: 4, do: 'vcpu0' },
        ],
      },
      'acts[1].step: comes before the one above it, which is done at step 5',
    ],
    [{ acts: [{ step: -1, do: 'vcpu0' }] }, 'acts[0].step: is below 0'],
    [{ acts: [{ step: 1, do: 7 }] }, 'acts[0].do: must be a line as it is typed at the console'],
    [{ at: { step: 1, hash: 'ABC' } }, 'at.hash: must be 16 hexadecimal digits'],
    [{ histories: [{ name: '', acts: [], step: 0 }] }, 'histories[0].name: is empty'],
    [
      {
        histories: [
          {
            name: 'H',
            acts: [
              { step: 2, do: 'qemu' },
              { step: 1, do: 'qemu' },
            ],
            step: 0,
          },
        ],
      },
      /^histories\[0\]\.acts\[1\]\.step: comes before/,
    ],
    [
      { answers: [{ ...answer, said: { ask: 'typo' } }] },
      /^answers\[0\]\.said\.ask: must be one of "outcome", .* \| Perhaps "type" is meant\.$/,
    ],
    [
      { answers: [{ ...answer, truth: { ask: 'errno', errno: 'EWHAT' } }] },
      /^answers\[0\]\.truth\.errno: must be one of "EINVAL"/,
    ],
    [
      { answers: [{ ...answer, votes: { options: [], first: [-1], second: [] } }] },
      'answers[0].votes.first[0]: is below 0',
    ],
  ])('%j', (more, problem) => {
    const [found] = problems({ ...SMALL, vcpus: [[{ op: 'read', gpa: 0 }]], ...more });
    expect(found).toEqual(typeof problem === 'string' ? problem : expect.stringMatching(problem));
  });
});
