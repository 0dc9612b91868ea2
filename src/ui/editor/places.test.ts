/** From a problem's path to its place in the text, and back from the caret: on texts that are JSON and on texts that are not yet. */
import { jsonLanguage } from '@codemirror/lang-json';
import { fc, test } from '@fast-check/vitest';
import { expect } from 'vitest';
import { pretty } from '../../state/scenario-text';
import { brokenAt, partsOf, pathAt, rangesOf, type Path } from './places';

const parse = (text: string) => jsonLanguage.parser.parse(text);
const marked = (text: string, ...paths: string[]): string[] =>
  rangesOf(parse(text), text, paths.map(partsOf)).map(({ from, to }) => text.slice(from, to));
/** The caret is where the bar is. */
const at = (text: string): Path => {
  const caret = text.indexOf('|');
  const whole = text.replace('|', '');
  return pathAt(parse(whole), whole, caret);
};

const FILE = `{
  "format": 2,
  "guest": { "memory": "3 MB" },
  "vcpus": [
    [
      { "op": "read", "gpa": "0x1" },
      {
        "op": "write",
        "gpa": "0x2"
      }
    ]
  ]
}`;

test('a path is cut into names and indices', () => {
  expect(partsOf('vcpus[0][12].gma')).toEqual(['vcpus', 0, 12, 'gma']);
  expect(partsOf('')).toEqual([]);
});

test('a wrong field is marked with its name, an operation whole, a long one by its first line', () => {
  expect(marked(FILE, 'format', 'guest.memory', 'vcpus[0][0]', 'vcpus[0][0].gpa', 'vcpus[0][1]')).toEqual([
    '"format": 2',
    '"memory": "3 MB"',
    '{ "op": "read", "gpa": "0x1" }',
    '"gpa": "0x1"',
    '{',
  ]);
});

test('what is missing is marked at what would hold it, and what nobody holds at the beginning', () => {
  expect(marked(FILE, 'guest.pool', 'vcpus[0][0].value', 'vcpus[0][9]', 'title', '')).toEqual([
    '"guest": { "memory": "3 MB" }',
    '{ "op": "read", "gpa": "0x1" }',
    '[',
    '{',
    '{',
  ]);
  expect(marked('', 'a')).toEqual(['']);
});

test('a name is found as it is meant, however it is written', () => {
  expect(marked('{ "\\u0067uest": 1 }', 'guest')).toEqual(['"\\u0067uest": 1']);
});

test('the caret is in the field, the operation, or before the next one', () => {
  const ops = (ops: string) => at(`{ "vcpus": [ [ ${ops} ] ] }`);
  expect(at('{ "guest": { "mem|ory": 1 } }')).toEqual(['guest', 'memory']);
  expect(ops('{ "op": "re|ad" }, { "op": "exec" }')).toEqual(['vcpus', 0, 0, 'op']);
  expect(ops('{ "op": "read" }, {| "op": "exec" }')).toEqual(['vcpus', 0, 1]);
  expect(ops('{ "op": "read" },  | { "op": "exec" }')).toEqual(['vcpus', 0, 1]);
  expect(ops('{ "op": "read" }|, { "op": "exec" }')).toEqual(['vcpus', 0, 0]);
  expect(ops('{ "op": "read" }, { "op": "exec" }   |')).toEqual(['vcpus', 0, 1]);
  expect(at('{ "vcpus": [ [], [ |] ] }')).toEqual(['vcpus', 1]);
  expect(at('|')).toEqual([]);
});

test('a text that is no JSON is marked where its reader stopped, told by offset, by line, or not at all', () => {
  const text = '{\n  "a": 1\n  "b": 2\n}';
  const said = (message: string) => brokenAt(parse(text), text, message);
  expect(said("Expected ',' in JSON at position 13 (line 3 column 3)")).toEqual({ from: 13, to: 14 });
  expect(said('JSON.parse: expected `,` at line 3 column 3 of the JSON data')).toEqual({ from: 13, to: 14 });
  expect(said('is not JSON')!.from).toBeGreaterThanOrEqual(10);
  expect(brokenAt(parse('{ "a": 1 '), '{ "a": 1 ', 'Unexpected end at position 9')).toEqual({ from: 7, to: 8 });
  expect(brokenAt(parse('{}'), '{}', '')).toBeNull();
});

const json = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.integer(),
    fc.string(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), tie('value'), { maxKeys: 4 }),
  ),
})).value;

function* paths(value: unknown, path: Path = []): Generator<Path> {
  if (path.length > 0) yield path;
  if (typeof value !== 'object' || value === null) return;
  for (const [name, inner] of Object.entries(value)) {
    yield* paths(inner, [...path, Array.isArray(value) ? Number(name) : name]);
  }
}

test.prop([fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), json)])(
  'the caret in what a path marks is in it',
  (file) => {
    const text = pretty(file);
    expect(JSON.parse(text)).toEqual(file);
    const all = [...paths(file)];
    const tree = parse(text);
    rangesOf(tree, text, all).forEach(({ from }, i) => {
      expect(pathAt(tree, text, from).slice(0, all[i]!.length)).toEqual(all[i]);
    });
  },
);

test.prop([fc.string(), fc.array(fc.string()), fc.nat()])(
  'no text, no path and no caret breaks it',
  (text, all, caret) => {
    const tree = parse(text);
    for (const { from, to } of rangesOf(tree, text, all.map(partsOf))) {
      expect(from >= 0 && from <= to && to <= text.length).toBe(true);
    }
    pathAt(tree, text, Math.min(caret, text.length));
  },
);
