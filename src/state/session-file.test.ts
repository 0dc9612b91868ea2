// A session as a file: what differs from a shipped scenario, or the whole of another, and what was done.
import { expect, test } from 'vitest';
import { readScenario } from '../scenarios/base';
import sweep from '../scenarios/sweep.json';
import { type Kept } from './keep/record';
import { bundleOf, entriesOf, fileOf, MOST_SESSIONS } from './session-file';

const kept = (more: Partial<Kept>): Kept => ({
  v: 1,
  id: 'a',
  revision: 1,
  name: 't',
  title: 't',
  version: 'claim',
  base: null,
  file: null,
  overrides: {},
  acts: [],
  step: 3,
  of: 9,
  hash: '0123456789abcdef',
  marks: [],
  screen: null,
  histories: [],
  answers: [],
  created: 0,
  changed: 0,
  bytes: 0,
  ...more,
});
const at = { step: 3, hash: '0123456789abcdef' };
const FILE = {
  $schema: './x.json',
  format: 1,
  title: 't',
  version: 'claim',
  patches: { on: ['asyncReset'], off: ['rmwReads'] },
  guest: { memory: '16 MiB', pool: 100 },
  marks: [4],
  vcpus: [[]],
};

test('of a shipped scenario only its name is said, and what differs', async () => {
  const marks = (sweep as { marks?: number[] }).marks ?? [];
  expect(fileOf(kept({ base: 'sweep', marks }), sweep)).toEqual({ format: 2, base: 'sweep', at });
  const overrides = { version: 'v7', memory: 2 ** 30 };
  const acts = [{ step: 2, do: 'vcpu0' }];
  const other = fileOf(kept({ base: 'sweep', name: 'mine', overrides, acts, marks: [5], screen: 'race' }), sweep);
  expect(other).toEqual({
    format: 2,
    base: 'sweep',
    title: 'mine',
    version: 'v7',
    guest: { memory: '1 GiB' },
    acts,
    at,
    marks: [5],
    screen: 'race',
  });
  expect((await readScenario(JSON.stringify(other))).ok).toBe(true);
});

test('what tells the base is carried beside the state; an amount of memory is said without rounding', () => {
  const basis = 'a'.repeat(16);
  const file = fileOf(kept({ base: 'sweep', basis, overrides: { memory: 1100 * 2 ** 20 } }), sweep);
  expect([file['at'], file['guest']]).toEqual([{ ...at, basis }, { memory: '1100 MiB' }]);
});

test('a file stays as it is, but for what the page has changed and what is carried along', () => {
  const { $schema, patches, guest, vcpus, marks } = FILE;
  const same = { $schema, title: 't', version: 'claim', patches, vcpus, guest };
  expect(fileOf(kept({ marks: [4] }), JSON.stringify(FILE))).toEqual({ ...same, format: 2, marks, at });
  expect(fileOf(kept({ overrides: { memory: 2 ** 26 }, marks: [] }), FILE)).toEqual({
    ...same,
    format: 2,
    guest: { memory: '64 MiB', pool: 100 },
    marks: [],
    at,
  });
});

test('another version is taken without the patches of the file, and patches that are switched go over both', () => {
  const switched = (overrides: Kept['overrides']) => fileOf(kept({ overrides }), FILE)['patches'];
  expect(switched({ version: 'v7' })).toBeUndefined();
  expect(switched({ patches: { on: ['rmwReads'], off: ['claim'] } })).toEqual({
    on: ['asyncReset', 'rmwReads'],
    off: ['claim'],
  });
  expect(switched({ version: 'v7', patches: { off: ['writeDm'] } })).toEqual({ off: ['writeDm'] });
  // Those of a base would come back if nothing were said.
  const ofBase = { format: 2, base: 'sweep', patches: { on: ['asyncReset'] } };
  expect(fileOf(kept({ overrides: { version: 'v7' } }), ofBase)['patches']).toEqual({});
});

test('what an earlier session has left in a file gives way to what this one has', () => {
  const before = {
    ...FILE,
    format: 2,
    at: { step: 9, hash: 'f'.repeat(16) },
    answers: [{}],
    histories: [{}],
    acts: [{}],
  };
  const file = fileOf(kept({ marks: [4] }), before);
  expect([file['at'], file['answers'], file['histories'], file['acts']]).toEqual([at, undefined, undefined, []]);
});

test('a file of many sessions, and one of one, are read as entries', () => {
  const text = JSON.stringify(bundleOf([{ name: 'a', file: FILE }]));
  expect(entriesOf(text)).toEqual([{ name: 'a', file: FILE }]);
  expect(entriesOf(JSON.stringify(FILE))).toEqual([{ name: '', file: FILE }]);
  expect(entriesOf(JSON.stringify({ ...bundleOf([]), format: 9 }))).toBe('newer');
  expect(entriesOf(JSON.stringify(bundleOf(Array(MOST_SESSIONS + 1).fill({ name: '', file: null }))))).toBe('many');
  expect(entriesOf(JSON.stringify({ ...bundleOf([]), sessions: [1, { name: 5 }] }))).toEqual([
    { name: '', file: undefined },
    { name: '', file: undefined },
  ]);
  expect(() => entriesOf('{')).toThrow(SyntaxError);
});
