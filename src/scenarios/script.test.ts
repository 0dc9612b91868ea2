// Scripts: what they open and do, what is wrong in one, and that a session comes out the same as a script.
import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { readScenario } from './base';
import { lineOfAct } from './lines';
import { act, line, mutated } from './lines-testing';
import { lineOfPlayer, parseTyped } from './lines-player';
import { isScript } from './bounds';
import { parseScript } from './script';
import { scriptOf } from './script-of';

const script = (...lines: string[]): string => ['# p2mscope script 1', ...lines].join('\n');
/** The file, or what is wrong. */
async function read(...lines: string[]) {
  const found = await parseScript(script(...lines));
  return found.ok ? found.file : found.problems.map(({ path, message }) => `${path}: ${message}`);
}

describe('a script', () => {
  test('opens a shipped scenario under another version, and does things at steps', async () => {
    const lines = ['', '# a comment', 'open first-light', 'version claim', 'memory 1 GiB', 'patch sweepResolves off'];
    const done = ['at 82 set_mem_type type=0 first_pfn=512', 'vcpu0', 'seek 90', 'schedule user', 'xengt', 'seek 140'];
    expect(await read(...lines, ...done)).toEqual({
      format: 2,
      base: 'first-light',
      version: 'claim',
      patches: { on: [], off: ['sweepResolves'] },
      guest: { memory: '1 GiB' },
      acts: [
        { step: 82, do: 'set_mem_type first_pfn=0x200 nr=1 type=HVMMEM_ram_rw' },
        { step: 83, do: 'vcpu0' },
        { step: 90, do: 'schedule user' },
        { step: 90, do: 'xengt' },
      ],
      start: 140,
    });
  });

  test('may have a scenario of its own, and the state that is meant', async () => {
    const own = { format: 2, title: 'Own', version: 'claim', guest: { memory: '16 MiB' }, vcpus: [[]] };
    const hash = '0123456789abcdef';
    expect(await read(`open ${JSON.stringify(own)}`, 'memory 17 MiB', `seek 3 hash=${hash}`)).toEqual({
      ...own,
      guest: { memory: '17 MiB' },
      start: 3,
      at: { step: 3, hash },
    });
  });

  test('switches patches over those of the scenario, unless another version is taken', async () => {
    const own = JSON.stringify({ format: 2, base: 'sweep', patches: { on: ['rangeCheck'], off: ['claim'] } });
    const patches = { on: ['rangeCheck', 'claim'], off: ['clippedRange'] };
    expect(await read(`open ${own}`, 'patch claim on', 'patch clippedRange off')).toMatchObject({ patches });
    expect(await read(`open ${own}`, 'version today')).toMatchObject({ patches: { on: [], off: [] } });
  });

  test.each([
    [['version today'], ['line 2: column 1: comes before anything is opened']],
    [['open first-ligth'], ['line 2: column 6: there is no scenario "first-ligth"; did you mean first-light?']],
    [['open first-light', 'open sweep'], ['line 3: column 1: something is open already: a script opens one scenario']],
    [['open {"format": 2'], [expect.stringMatching(/^line 2: column 6: is not JSON: /)]],
    [
      ['open sweep', 'at 5 vcpu0', ' at 4 vcpu0', 'nonsense', 'play'],
      [
        'line 4: column 5: step 4 lies before that of the line above, 5',
        'line 5: column 1: there is no "nonsense"; help lists what there is',
        'line 6: column 1: "play" is for the console: a script says what is done, and at which step',
      ],
    ],
    [
      ['open sweep', 'at 5', 'at five vcpu0'],
      ['line 3: column 1: must be as in "at 82 vcpu0"', 'line 4: column 1: must be as in "at 82 vcpu0"'],
    ],
    [['open sweep', 'at 7  set_mem_type nr=1'], ['line 3: column 24: set_mem_type needs first_pfn= as well']],
    [['open sweep', 'vcpu0', 'version today'], ['line 4: column 1: version must come before the first act']],
    [
      ['open sweep', 'seek 9', 'vcpu0', 'seek 3', 'vcpu0'],
      ['line 6: column 1: step 3 lies before that of the act above, 9'],
    ],
    [[], [': opens nothing: the second line is to be as in "open first-light"']],
  ])('is refused: %j', async (lines, problems) => {
    expect(await read(...lines)).toEqual(problems);
  });

  test.each([
    ['# p2mscope script 2\nopen sweep', 'is a script of format 2: made by a newer p2mscope; this one reads format 1'],
    ['open sweep', 'must be "# p2mscope script 1"'],
  ])('has a head that says its format: %j', async (text, message) => {
    expect(await parseScript(text)).toEqual({ ok: false, problems: [{ path: 'line 1', message }] });
  });

  test('is told from a scenario by its first line', () => {
    expect([script(), '{}', ' # p2mscope script 1'].map(isScript)).toEqual([true, false, false]);
  });
});

describe('a session', () => {
  const acts = [
    { step: 4, do: 'xengt' },
    { step: 9, do: 'log_dirty on' },
  ];
  const at = { step: 12, hash: '00112233445566aa' };

  test('of a shipped scenario is told by its name and what differs', () => {
    const file = {
      format: 2,
      base: 'sweep',
      version: 'today',
      patches: { on: [], off: ['claim'] },
      guest: { memory: '1 GiB' },
    };
    expect(scriptOf({ ...file, acts, at, marks: [3], title: 'Mine', answers: [] }, 'today').split('\n')).toEqual([
      '# p2mscope script 1',
      'open sweep',
      'version today',
      'patch claim off',
      'memory 1 GiB',
      'at 4 xengt',
      'at 9 log_dirty on',
      'seek 12 hash=00112233445566aa',
      '',
    ]);
  });

  test.each([
    [{ format: 2, base: 'sweep' }],
    [{ format: 2, base: 'sweep', acts: [] }],
    [{ format: 2, base: 'sweep', ranges: 4, guest: { memory: '1 GiB', order: '2 MiB' }, acts }],
    [{ format: 2, title: 'Own', version: 'claim', guest: { memory: '16 MiB' }, vcpus: [[]], acts }],
    [{ format: 2, base: 'sweep', version: 'claim', patches: { on: [], off: ['sweepResolves'] }, acts }],
  ])('is read again as it was: %j', async (file) => {
    const found = await parseScript(scriptOf({ ...file, at }, 'claim'));
    expect(found).toMatchObject({ ok: true, file: { ...file, at } });
  });
});

/** Scripts as they may be typed, and what a slip makes of them. */
const typed = fc.oneof(
  { weight: 4, arbitrary: line },
  { weight: 4, arbitrary: fc.tuple(fc.nat({ max: 300 }), act).map(([step, of]) => `at ${step} ${lineOfAct(of)}`) },
  fc.constantFrom('seek 82', 'version v7', 'memory 1 GiB', 'patch claim off', 'open sweep', '# so', '', 'help', 'undo'),
);
const scripts = fc
  .tuple(
    fc.constantFrom('open sweep', 'open first-light', 'open {"format": 2, "base": "sweep"}'),
    fc.array(typed, { maxLength: 6 }),
  )
  .map(([open, lines]) => script(open, ...lines));

property.prop([mutated(scripts)], { numRuns: 3000 })(
  'of a script with mistakes come clear refusals or a file',
  async (text) => {
    const found = await parseScript(text);
    if (found.ok) {
      const again = await readScenario(found.file);
      if (!again.ok) for (const { message } of again.problems) expect(message).toMatch(/\S{2}/);
      return;
    }
    expect(found.problems.length).toBeGreaterThan(0);
    for (const { path, message } of found.problems) {
      expect(path).toMatch(/^(line \d+)?$/);
      expect(message).toMatch(/\S.{7,}/su);
    }
  },
);

property.prop([mutated(fc.oneof(typed, line))], { numRuns: 3000 })(
  'whatever is typed is an act, a line of the player or refused',
  (text) => {
    const found = parseTyped(text);
    if (!found.ok) {
      expect(found.message).toMatch(/\S.{7,}/su);
      expect(found.at).toBeLessThanOrEqual(text.length);
    } else if ('player' in found) expect(parseTyped(lineOfPlayer(found.player))).toEqual(found);
  },
);
