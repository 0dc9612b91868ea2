/** What is offered at a place, by the schema that is served. */
import { readFileSync } from 'node:fs';
import { jsonLanguage } from '@codemirror/lang-json';
import { expect, test } from 'vitest';
import { completions, type Schema } from './complete';

const schema = JSON.parse(
  readFileSync(new URL('../../../public/scenario.schema.json', import.meta.url), 'utf8'),
) as Schema;

/** Labels that are offered where the bar is. */
function offered(text: string): readonly string[] | null {
  const caret = text.indexOf('|');
  const whole = text.replace('|', '');
  const node = jsonLanguage.parser.parse(whole).resolveInner(caret, -1);
  const found = completions(schema, node, whole, caret, true);
  return found && found.options.map(({ label }) => label);
}

test('names of fields are offered where one begins, without those that are there', () => {
  const names = offered('{ "format": 2, "v|" }')!;
  expect(names).toEqual(expect.arrayContaining(['title', 'version', 'vcpus', 'guest']));
  expect(names).not.toContain('format');
  expect(offered('{ "guest": { "memory": "1 GiB", | } }')).toEqual(
    expect.arrayContaining(['mapping', 'pool', 'tables', 'paging']),
  );
});

test('values are offered where the schema counts them', () => {
  expect(offered('{ "guest": { "paging": "|" } }')).toEqual(['EPT', 'NPT']);
  expect(offered('{ "version": "cl|" }')).toContain('claim-sync');
  expect(offered('{ "title": "|" }')).toBeNull();
});

test('a search has its own fields, and a hypercall of the toolstack a line', () => {
  expect(offered('{ "search": { "|" } }')).toEqual(['from', 'depth', 'states', 'patches']);
  expect(offered('{ "search": { "patches": ["la|"] } }')).toContain('lockThroughEmulation');
  expect(offered('{ "toolstack": [{ "op": "call", "|" }] }')).toEqual(['line']);
});

test('an operation has the fields of its kind, and may become another', () => {
  const fields = offered('{ "vcpus": [[{ "op": "bind", "|" }]] }')!;
  expect(fields).toEqual(expect.arrayContaining(['gma', 'size']));
  expect(fields).not.toContain('count');
  expect(offered('{ "vcpus": [[{ "op": "read|", "gpa": "0x0" }]] }')).toEqual(
    expect.arrayContaining(['read', 'write', 'rmw', 'stos', 'bind', 'loop']),
  );
  const inner = offered('{ "vcpus": [[{ "op": "loop", "times": 2, "body": [{ "op": "stos", "|" }] }]] }')!;
  expect(inner).toContain('direction');
});

test('what is offered is told of, and written with its quotation marks', () => {
  const text = '{ "vers" }';
  const node = jsonLanguage.parser.parse(text).resolveInner(7, -1);
  const option = completions(schema, node, text, 7, false)!.options.find(({ label }) => label === 'version')!;
  expect([option.apply, option.info]).toEqual(['"version": ', 'Version of Xen that the guest runs on.']);
});
