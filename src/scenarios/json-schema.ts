/**
 * The JSON Schema of the scenario file, made from what the file is checked with, so that editors complete it and say what a
 * field is. It knows less: what depends on the guest's size, or on another field, only `parseScenario` tells. Made by
 * `npm run schema`; nothing of it is in the page.
 */
import { toJsonSchema } from '@valibot/to-json-schema';
import { pages, pageStart } from './fields';
import { port, program } from './operations';
import { place } from './places';
import { address, bytes, value64 } from './quantities';
import { DESCRIPTIONS, WRITTEN } from './json-schema-words';
import { file, memory } from './schema-file';
import { frame } from './schema-lesson';

interface Node {
  [key: string]: unknown;
  properties?: Record<string, Node>;
  required?: string[];
  anyOf?: Node[];
  oneOf?: Node[];
  items?: Node;
  $defs?: Record<string, Node>;
}

/** What a file that has a `base` need not have. */
const OF_BASE: readonly string[] = ['title', 'version', 'guest', 'vcpus'];

/** Kinds of numbers and places, and how they are written. */
const WRITTEN_AS = {
  bytes: 'bytes',
  memory: 'bytes',
  pages: 'bytes',
  address: 'value',
  frame: 'value',
  pageStart: 'value',
  port: 'value',
  value: 'value',
  place: 'place',
} as const;

export function scenarioSchema(): Node {
  const made = toJsonSchema(file, {
    target: 'draft-07',
    typeMode: 'input',
    errorMode: 'ignore',
    definitions: { address, bytes, frame, memory, pages, pageStart, place, port, program, value: value64 },
  }) as Node;
  const { $schema, $defs = {}, ...root } = made;
  describe(root, '');
  for (const [name, as] of Object.entries(WRITTEN_AS)) $defs[name] = WRITTEN[as] as Node;
  // Loops in loops: how deep they may be nested is not told.
  const loop = $defs.program!.items!.oneOf!.find(({ properties }) => properties!.op!.const === 'loop')!;
  loop.properties!.body = { $ref: '#/$defs/program' };
  describe($defs.program!, 'op');
  return {
    $schema,
    title: 'A scenario of p2mscope',
    ...root,
    required: root.required!.filter((field) => !OF_BASE.includes(field)),
    anyOf: [
      { type: 'object', required: ['base'] },
      { type: 'object', required: [...OF_BASE], properties: { guest: { type: 'object', required: ['memory'] } } },
    ],
    $defs,
  };
}

/** Puts what is said of fields into them; `of`: the object that they are of. */
function describe(node: Node, of: string): void {
  for (const [field, inner] of Object.entries(node.properties ?? {})) {
    const name = of === '' ? field : `${of}.${field}`;
    const description = DESCRIPTIONS[name];
    // A reference stands alone in this draft of JSON Schema.
    if (description !== undefined && '$ref' in inner) node.properties![field] = { allOf: [{ ...inner }], description };
    else if (description !== undefined) inner.description = description;
    describe(inner, of === '' ? (field === 'toolstack' ? 'op' : field) : of);
  }
  for (const option of [...(node.anyOf ?? []), ...(node.oneOf ?? []), ...(node.items ? [node.items] : [])])
    describe(option, of);
  if (of === 'guest') delete node.required;
}

/** As it is written to public/. */
export const schemaText = (): string => `${JSON.stringify(scenarioSchema(), null, 1)}\n`;
