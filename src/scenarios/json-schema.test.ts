import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { SCENARIOS } from '.';
import { schemaText } from './json-schema';
import { DESCRIPTIONS } from './json-schema-words';

const committed = readFileSync(new URL('../../public/scenario.schema.json', import.meta.url), 'utf8');

test('the schema that is served is the one that is made now: npm run schema', () => {
  expect(committed).toBe(schemaText());
});

interface Schema extends Readonly<Record<string, unknown>> {
  readonly $ref?: string;
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly propertyNames?: Schema;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly pattern?: string;
  readonly description?: string;
}
const root = JSON.parse(committed) as Schema & { readonly $defs: Readonly<Record<string, Schema>> };

/** What this part of JSON Schema finds wrong with `value`, as far as the scenario file's schema uses it. */
function wrong(schema: Schema, value: unknown, at = ''): string[] {
  const unless = (ok: boolean, what: string): string[] => (ok ? [] : [`${at}: ${what}`]);
  if (schema.$ref !== undefined) return wrong(root.$defs[schema.$ref.split('/').at(-1)!]!, value, at);
  const found = (schema.allOf ?? []).flatMap((part) => wrong(part, value, at));
  for (const { length } of [schema.anyOf ?? [], schema.oneOf ?? []].filter((any) => any.length > 0))
    found.push(
      ...unless(
        length > 0 &&
          [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].some((any) => wrong(any, value, at).length === 0),
        'no option',
      ),
    );
  if ('const' in schema) found.push(...unless(value === schema.const, 'not the constant'));
  if (schema.enum) found.push(...unless(schema.enum.includes(value), 'not of the enum'));
  const {
    minimum = -Infinity,
    maximum = Infinity,
    minLength = 0,
    maxLength = Infinity,
    minItems = 0,
    maxItems = Infinity,
  } = schema;
  if (schema.type === 'object') {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return unless(false, 'no object');
    for (const field of schema.required ?? []) found.push(...unless(field in value, `lacks ${field}`));
    for (const [field, inner] of Object.entries(value)) {
      const of = schema.properties?.[field];
      if (schema.propertyNames) found.push(...wrong(schema.propertyNames, field, at));
      if (of) found.push(...wrong(of, inner, `${at}.${field}`));
      else if (typeof schema.additionalProperties === 'object')
        found.push(...wrong(schema.additionalProperties, inner, `${at}.${field}`));
      else found.push(...unless(schema.additionalProperties !== false, `has ${field}`));
    }
  } else if (schema.type === 'array') {
    if (!Array.isArray(value)) return unless(false, 'no array');
    found.push(...unless(value.length >= minItems && value.length <= maxItems, 'length'));
    if (schema.items) found.push(...value.flatMap((item, i) => wrong(schema.items!, item, `${at}[${i}]`)));
  } else if (schema.type === 'string') {
    if (typeof value !== 'string') return unless(false, 'no string');
    found.push(...unless(value.length >= minLength && value.length <= maxLength, 'length'));
    if (schema.pattern !== undefined) found.push(...unless(new RegExp(schema.pattern).test(value), 'pattern'));
  } else if (schema.type === 'number' || schema.type === 'integer') {
    if (typeof value !== 'number') return unless(false, 'no number');
    found.push(...unless(value >= minimum && value <= maximum, 'bounds'));
    found.push(...unless(schema.type === 'number' || Number.isInteger(value), 'no integer'));
  } else if (schema.type === 'boolean') found.push(...unless(typeof value === 'boolean', 'no boolean'));
  return found;
}

test.each(SCENARIOS.map((shipped) => [shipped.name, shipped] as const))(
  '%s is as the schema has it',
  async (_, shipped) => {
    expect(wrong(root, await shipped.load())).toEqual([]);
  },
);

describe('the schema', () => {
  const whole = { format: 2, title: 'A', version: 'claim', guest: { memory: '16 MiB' }, vcpus: [[]] };
  const loop = (...body: object[]) => ({ ...whole, vcpus: [[{ op: 'loop', times: 3, stride: 8, body }]] });

  test('takes a file of two fields that has a base, and one that has all', () => {
    expect(wrong(root, { format: 2, base: 'sweep', guest: { pool: 99 } })).toEqual([]);
    expect(wrong(root, whole)).toEqual([]);
    expect(wrong(root, loop({ op: 'loop', times: 2, body: [{ op: 'read', gpa: 8 }] }))).toEqual([]);
  });

  test.each([
    [{ format: 2, title: 'A', version: 'claim', vcpus: [[]] }, ': no option'],
    [{ ...whole, guest: {} }, ': no option'],
    [{ ...whole, colour: 1 }, ': has colour'],
    [{ ...whole, format: 3 }, '.format: not the constant'],
    [{ ...whole, version: '4.99' }, '.version: not of the enum'],
    [{ ...whole, guest: { memory: '16 MB' } }, '.guest.memory: no option'],
    [{ ...whole, seed: -1 }, '.seed: bounds'],
    [{ ...whole, marks: Array(101).fill(1) }, '.marks: length'],
    [{ ...whole, prompts: [{ before: 'vcpu9[0]', ask: 'type' }] }, '.prompts[0].before: no option'],
    [{ ...whole, vcpus: Array(9).fill([]) }, '.vcpus: length'],
    [loop({ op: 'read' }), '.vcpus[0][0]: no option'],
  ])('refuses %j', (file, problem) => {
    expect(wrong(root, file)).toContain(problem);
  });

  test('says of each field what it is, and says it of nothing else', () => {
    const fields = new Set<string>();
    const see = (schema: Schema): void => {
      for (const [field, inner] of Object.entries(schema.properties ?? {})) {
        fields.add(field);
        if (inner.description !== undefined) fields.add(inner.description);
      }
      for (const inner of Object.values(schema)) if (typeof inner === 'object' && inner !== null) see(inner as Schema);
    };
    see(root);
    const told = Object.entries(DESCRIPTIONS);
    expect(told.filter(([name]) => !fields.has(name.split('.').at(-1)!)).map(([name]) => name)).toEqual([]);
    expect(told.filter(([, text]) => !fields.has(text)).map(([name]) => name)).toEqual([]);
    expect(Object.keys(root.properties!).filter((field) => field !== '$schema' && !(field in DESCRIPTIONS))).toEqual(
      [],
    );
  });
});
