/** What may be written at a place of a scenario, by the JSON Schema that other editors complete by: names of fields, and values. */
import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import { syntaxTree } from '@codemirror/language';
import type { SyntaxNode } from '@lezer/common';
import { nameOf } from './places';

/** As much of a JSON Schema as is read here. */
export interface Schema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly type?: string;
  readonly description?: string;
}

const MOST_DEEP = 12;

/** It, what it refers to and what it is put together from or chosen among, one after the other. */
function parts(root: Schema, schema: Schema | undefined, deep = 0): readonly Schema[] {
  if (!schema || deep > MOST_DEEP) return [];
  const { $ref, allOf = [], anyOf = [], oneOf = [] } = schema;
  const meant = $ref === undefined ? [] : [root.$defs?.[$ref.slice('#/$defs/'.length)]];
  return [schema, ...[...meant, ...allOf, ...anyOf, ...oneOf].flatMap((one) => parts(root, one, deep + 1))];
}
const values = ({ enum: all, const: only }: Schema): readonly unknown[] => all ?? (only === undefined ? [] : [only]);

const textOf = (node: SyntaxNode, text: string): string => text.slice(node.from + 1, node.to).replace(/"$/, '');

/** Fields of an object whose values are texts: what tells its kinds apart, `op` for one. */
function textsIn(object: SyntaxNode, text: string): ReadonlyMap<string, string> {
  return new Map(
    object.getChildren('Property').flatMap((property) => {
      const [name, value] = [nameOf(property, text), property.getChild('String')];
      return name !== undefined && value ? [[name, textOf(value, text)] as const] : [];
    }),
  );
}

/** What the value at a node may be. */
function schemasOf(root: Schema, node: SyntaxNode, text: string): readonly Schema[] {
  const holder = node.parent;
  if (holder?.name === 'Array') {
    return schemasOf(root, holder, text).flatMap(({ items }) => parts(root, items));
  }
  if (holder?.name !== 'Property' || !holder.parent) return parts(root, root);
  const name = nameOf(holder, text) ?? '';
  return kindsOf(root, holder.parent, text, name).flatMap(({ properties }) => parts(root, properties?.[name]));
}

/** What an object may be, by what is in it beside the field `but`. */
function kindsOf(root: Schema, object: SyntaxNode, text: string, but?: string): readonly Schema[] {
  const texts = textsIn(object, text);
  return schemasOf(root, object, text).filter(({ properties = {} }) =>
    [...texts].every(([name, value]) => {
      const all = name === but ? [] : parts(root, properties[name]).flatMap(values);
      return all.length === 0 || all.includes(value);
    }),
  );
}

const told = (root: Schema, schema: Schema): string | undefined =>
  parts(root, schema).find(({ description }) => description !== undefined)?.description;

function names(root: Schema, object: SyntaxNode, text: string, colon: boolean, own?: string): Completion[] {
  const there = new Set(object.getChildren('Property').map((property) => nameOf(property, text)));
  const found = new Map<string, Schema>();
  for (const { properties = {} } of kindsOf(root, object, text, own)) {
    for (const [name, schema] of Object.entries(properties)) {
      if (name === own || !there.has(name)) found.set(name, found.get(name) ?? schema);
    }
  }
  return [...found].map(([name, schema]) => ({
    label: name,
    apply: `${JSON.stringify(name)}${colon ? '' : ': '}`,
    ...withInfo(told(root, schema)),
  }));
}
const withInfo = (info: string | undefined): Pick<Completion, 'info'> => (info === undefined ? {} : { info });

/** What may stand at the caret; null: nothing that the schema knows of. `explicit`: it was asked for by a key. */
export function completions(
  root: Schema,
  node: SyntaxNode,
  text: string,
  caret: number,
  explicit: boolean,
): CompletionResult | null {
  const rest = text.slice(caret);
  if (node.name === 'PropertyName') {
    const object = node.parent?.parent;
    if (!object) return null;
    const colon = /^\s*:/.test(text.slice(node.to));
    const own = nameOf(node.parent!, text);
    return { from: node.from, to: node.to, options: names(root, object, text, colon, own), filter: true };
  }
  if (node.name === 'String') {
    const found = new Map<string, string | undefined>();
    for (const schema of schemasOf(root, node, text)) {
      for (const value of values(schema)) if (typeof value === 'string') found.set(value, schema.description);
    }
    const options = [...found].map(([label, info]) => ({ label, apply: JSON.stringify(label), ...withInfo(info) }));
    return options.length === 0 ? null : { from: node.from, to: node.to, options };
  }
  if (node.name === 'Object' && explicit && /^\s*(["}]|$)/.test(rest)) {
    return { from: caret, options: names(root, node, text, false) };
  }
  return null;
}

/** For CodeMirror. What is typed is compared without its quotation mark. */
export const source =
  (load: () => Promise<Schema | null>) =>
  async (context: CompletionContext): Promise<CompletionResult | null> => {
    const node = syntaxTree(context.state).resolveInner(context.pos, -1);
    const inText = node.name === 'PropertyName' || node.name === 'String';
    if (!inText && !context.explicit) return null;
    if (inText && context.pos === node.from) return null;
    const root = await load();
    if (!root || context.aborted) return null;
    const text = context.state.doc.toString();
    const found = completions(root, node, text, context.pos, context.explicit);
    if (!found || !inText) return found;
    const typed = text.slice(node.from + 1, context.pos).toLowerCase();
    const options = found.options
      .filter(({ label }) => label.toLowerCase().includes(typed))
      .sort((a, b) => Number(b.label.startsWith(typed)) - Number(a.label.startsWith(typed)));
    return options.length === 0 ? null : { ...found, options, filter: false };
  };
