// Every button of the page has a line, as written in the components; those that have none are few, each for a reason.
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { isTold } from '../scenarios/lines-page-testing';

/** Components, and what is unlike in the tag of each button of theirs that has no line. */
const WITHOUT: Readonly<Record<string, string>> = {
  // It closes what lies over the console.
  'Dialog.svelte': 'aria-label={close}',
  // It does the line that is typed.
  'console/ConsoleInput.svelte': 'type="submit"',
  // What is pointed at is told of; pressed, nothing is done.
  'EntryBits.svelte': 'onpointerenter',
  // It gives up what is being typed.
  'histories/Tools.svelte': 'end(false)',
  // Hands of a class are counted by tapping, where there is no console.
  'questions/ClassQuestion.svelte': 'hands.raise',
};

const root = new URL('..', import.meta.url);
const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => path.endsWith('.svelte') && !path.includes('node_modules'))
  .map((path) => ({ name: path.replace(/^ui\//, ''), text: readFileSync(new URL(path, root), 'utf8') }));

/** Tags of the buttons in a component. */
function buttons(text: string): string[] {
  return [...text.matchAll(/<button\b/g)].map(({ index }) => {
    let depth = 0;
    for (let at = index; at < text.length; at++) {
      if (text[at] === '{') depth++;
      else if (text[at] === '}') depth--;
      else if (text[at] === '>' && depth === 0) return text.slice(index, at);
    }
    return text.slice(index);
  });
}

test('every button has a line', () => {
  const all = sources.flatMap(({ name, text }) => buttons(text).map((tag) => ({ name, tag })));
  expect(all.length).toBeGreaterThan(100);
  const without = all.filter(({ tag }) => !tag.includes('lined('));
  expect(without.filter(({ name, tag }) => !tag.includes(WITHOUT[name] ?? '\n'))).toEqual([]);
  expect(without.length).toBe(Object.keys(WITHOUT).length);
});

test('lines as they stand in the components are such as help tells', () => {
  const lines = sources.flatMap(({ text }) => [...text.matchAll(/lined\('([^']+)'|data-line="([^"]+)"/g)]);
  const literal = lines.map(([, call, field]) => (call ?? field)!);
  expect(literal.length).toBeGreaterThan(60);
  expect(literal.filter((line) => !isTold(line))).toEqual([]);
});
