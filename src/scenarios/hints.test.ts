import { describe, expect, test } from 'vitest';
import { meant, shown } from './hints';
import { problems, SMALL } from './format-testing';
import { parseText } from './schema';

const op = (o: object) => ({ ...SMALL, vcpus: [[{ op: 'write', gpa: '0x300000', value: 1, ...o }]] });

describe('a problem says how it can be mended', () => {
  test.each([
    [{ ...SMALL, vcpu: [] }, 'vcpu: is no field of a scenario | Perhaps "vcpus" is meant.'],
    [
      { ...SMALL, guest: { memory: '16 MiB', mappings: '4 KiB' } },
      'guest.mappings: is no field of a scenario | Perhaps "mapping" is meant.',
    ],
    [{ ...SMALL, version: 'Claim' }, /^version: must be one of .* \| Perhaps "claim" is meant\.$/],
    [
      { ...SMALL, patches: { on: ['rangechek'] } },
      /^patches\.on\[0\]: must be one of .* \| Perhaps "rangeCheck" is meant\.$/,
    ],
    [{ ...SMALL, lesson: { num: 1 } }, /^lesson\.number: is missing \| For example "number": 1$/],
    [
      { ...SMALL, prompts: [{ before: 1, ask: 'type', xyzzy: 1 }] },
      'prompts[0].xyzzy: is no field of a prompt | Its fields are before, ask, gpa, cost, text, after.',
    ],
    [{ ...SMALL, seed: '12' }, 'seed: must be a number from 0 to 4294967295 | Write it without quotation marks: 12'],
    [{ ...SMALL, seed: 1.7 }, 'seed: must be a whole number | Perhaps 2.'],
    [{ ...SMALL, executable: 'true' }, 'executable: must be true or false | Write it without quotation marks: true'],
    [
      { ...SMALL, guest: { memory: '16 Mb' } },
      'guest.memory: "16 Mb" is no amount of bytes; write it like "64 KiB" or 65536 | Perhaps "16 MiB" is meant.',
    ],
    [op({ op: 'wirte' }), /^vcpus\[0\]\[0\]\.op: must be one of .* \| Perhaps "write" is meant\.$/],
    [
      op({ gpa: '2f817000' }),
      'vcpus[0][0].gpa: "2f817000" is no number of up to 64 bits; write it like "0x2f81_7000" or 4096 | Hexadecimal numbers begin with 0x: "0x2f817000"',
    ],
    [
      op({ gpa: '0x300004' }),
      'vcpus[0][0].gpa: an access of 8 bytes must be aligned to 8 | The one below is "0x300000".',
    ],
    [
      op({ gpa: '0x1000000' }),
      /^vcpus\[0\]\[0\]\.gpa: lies neither in .* \| The last page of its RAM is "0xfff000"\.$/,
    ],
    [op({ size: 1, value: 300 }), 'vcpus[0][0].value: does not fit in 1 byte | It takes "size": 2.'],
    [
      op({ value: 2 ** 60 }),
      /^vcpus\[0\]\[0\]\.value: 1152921504606847000 is no number .* \| A number above 2\^53 is written as a text/,
    ],
    [
      { ...SMALL, vcpus: [[{ op: 'bind', gma: 5, size: 5000 }]] },
      'vcpus[0][0].gma: must be the start of a 4 KiB page | The one below is "0x0".',
    ],
    [
      { ...SMALL, vcpus: [[{ op: 'bind', gma: 0, size: 5000 }]] },
      'vcpus[0][0].size: must be whole pages of 4 KiB, at least one | The next is "8 KiB".',
    ],
    [{ ...SMALL, vcpus: [[{ gpa: 1 }]] }, /^vcpus\[0\]\[0\]\.op: is missing \| Must be one of "write", /],
    [
      { ...SMALL, narration: [{ from: 'vcpu0', text: 'x' }] },
      /^narration\[0\]\.from: "vcpu0" is no place in a run: .* \| Perhaps "vcpu0\[0\]" is meant\.$/,
    ],
    [{ ...SMALL, narration: [{ from: 'dm.sweeep#2', text: 'x' }] }, /\| Perhaps "dm\.sweep" is meant\.$/],
    [
      { ...SMALL, acts: [{ step: 1, do: 'set_mem_tipe nr=1' }] },
      /^acts\[0\]\.do: there is no "set_mem_tipe".* \| At character 1 of "set_mem_tipe nr=1"\.$/,
    ],
    [
      { ...SMALL, schedule: { script: ['cpu0'] } },
      'schedule.script[0]: "cpu0" is nobody who could act | Write vcpu0, xengt, toolstack, qemu, xengt take vcpu0 or qemu take vcpu0, and how often: "vcpu0 x12".',
    ],
  ])('%j', (file, problem) => {
    expect(problems(file)[0]).toEqual(typeof problem === 'string' ? problem : expect.stringMatching(problem));
  });
});

test.each([
  ['', 'The file is empty.'],
  ['{ "format": 2,\n  "title": "A",\n}', 'Line 3, column 1. There must be no comma before a closing bracket.'],
  ['{ "format": 2', 'The text ends before its last bracket or quotation mark.'],
  ['{ // a guest\n}', 'Line 1, column 3. JSON has no comments.'],
  ["{ 'format': 2 }", 'Line 1, column 3. Names and texts stand between double quotation marks.'],
  ['{ "format": 2\n "title": "A" }', 'Line 2, column 2. A comma is missing before it.'],
  ['{ format: 2 }', 'Line 1, column 3. Names stand between double quotation marks.'],
  ['{ "seed": 0x12 }', 'Line 1, column 12. Hexadecimal numbers stand between quotation marks: "0x2f81".'],
])('of the text %j it is said where it is no JSON, and why', (text, hint) => {
  const read = parseText(text);
  expect(!read.ok && read.problems[0]!.hint).toContain(hint);
});

test('texts of any length are cut short where they are quoted', () => {
  const long = 'x'.repeat(100_000);
  for (const file of [
    { ...SMALL, [long]: 1 },
    { ...SMALL, guest: { memory: long } },
    op({ gpa: long, [long]: 1 }),
    op({ value: '9'.repeat(100_000) }),
  ])
    for (const line of problems(file)) expect(line.length).toBeLessThan(500);
  expect(shown({ long })).toHaveLength(64);
  expect(meant(long, ['x'])).toBeUndefined();
});

test('everything is said at once, what only the guest tells with what the fields tell, at most a hundred', () => {
  const file = {
    ...SMALL,
    title: '',
    colour: 'red',
    size: 1,
    toolstack: [{ op: 'wait', vcpu: 5, done: 0 }, { op: 'balloon', gpa: 0, size: '1 GiB' }, { op: 'kil' }],
    vcpus: [[{ op: 'read', gpa: 1 }], [{ op: 'submit' }]],
  };
  expect(problems(file).map((line) => line.split(':')[0])).toEqual([
    'title',
    'toolstack[2].op',
    'colour',
    'size',
    'vcpus[0][0].gpa',
    'vcpus[1][0].op',
    'toolstack[0].vcpu',
    'toolstack[1].gpa',
  ]);
  const wrong = { ...SMALL, vcpus: [[{ op: 'read' }, { op: 'read', gpa: 3 }, { op: 'read', gpa: 8 }]], version: 'v6' };
  expect(problems(wrong).map((line) => line.split(':')[0])).toEqual(['version', 'vcpus[0][0].gpa', 'vcpus[0][1].gpa']);
  expect(wrong.vcpus[0]![0]).toEqual({ op: 'read' });
  expect(problems({ ...SMALL, vcpus: [Array(5000).fill({ op: 'read', gpa: 1 })] })).toHaveLength(100);
  expect(problems({ ...SMALL, vcpus: [Array(5000).fill({ op: 'raed' })] })).toHaveLength(100);
});
