/** Where things of a scenario stand in its text: from the path of a problem to a range, and from the caret to a path. Pure. */
import type { SyntaxNode, Tree } from '@lezer/common';

/** Field names and indices from the whole file inwards. */
export type Path = readonly (string | number)[];

/** Offsets in the text, UTF-16 units. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** `vcpus[0][3].gma` in its parts. */
export function partsOf(path: string): Path {
  return [...path.matchAll(/\[(\d+)\]|([^.[\]]+)/g)].map(([, index, name]) =>
    index === undefined ? name! : Number(index),
  );
}

const VALUES = new Set(['Object', 'Array', 'String', 'Number', 'True', 'False', 'Null']);
const isValue = (node: SyntaxNode): boolean => VALUES.has(node.name);

function* children(node: SyntaxNode): Generator<SyntaxNode> {
  for (let child = node.firstChild; child; child = child.nextSibling) yield child;
}
const valueIn = (node: SyntaxNode): SyntaxNode | undefined => [...children(node)].find(isValue);

/** The name of a property as it is meant: `"a\u0062"` is ab. */
export function nameOf(property: SyntaxNode, text: string): string | undefined {
  const name = property.getChild('PropertyName');
  if (!name) return undefined;
  const written = text.slice(name.from, name.to);
  try {
    return String(JSON.parse(written));
  } catch {
    return written.slice(1);
  }
}

interface Wanted {
  readonly path: Path;
  readonly index: number;
}

/**
 * Where each path stands. A field is its name and its value; of a value in many lines only the first is taken. What is not
 * there is shown where it would be: on what would hold it. One walk through the tree, whatever the number of paths.
 */
export function rangesOf(tree: Tree, text: string, paths: readonly Path[]): readonly Range[] {
  const found: Range[] = paths.map(() => ({ from: 0, to: Math.min(1, text.length) }));
  const descend = (value: SyntaxNode, name: SyntaxNode | null, wanted: readonly Wanted[], depth: number): void => {
    const here = shown(value, name, text);
    const inner = new Map<string | number, Wanted[]>();
    for (const want of wanted) {
      found[want.index] = here;
      const part = want.path[depth];
      if (part !== undefined) inner.set(part, [...(inner.get(part) ?? []), want]);
    }
    if (inner.size === 0) return;
    let n = 0;
    for (const child of children(value)) {
      const property = child.name === 'Property';
      if (!property && !isValue(child)) continue;
      const part = property ? nameOf(child, text) : n++;
      const wants = part === undefined ? undefined : inner.get(part);
      const of = property ? valueIn(child) : child;
      const label = property ? child.getChild('PropertyName') : null;
      if (!wants) continue;
      if (of) descend(of, label, wants, depth + 1);
      else for (const { index } of wants) found[index] = { from: child.from, to: child.to };
    }
  };
  const root = valueIn(tree.topNode);
  const all = paths.map((path, index) => ({ path, index }));
  if (root) descend(root, null, all, 0);
  return found;
}

function shown(value: SyntaxNode, name: SyntaxNode | null, text: string): Range {
  const line = text.indexOf('\n', value.from);
  const manyLines = line >= 0 && line < value.to;
  if (name) return { from: name.from, to: manyLines ? name.to : value.to };
  const to = manyLines ? line : value.to;
  return { from: value.from, to: Math.max(value.from + 1, value.from + text.slice(value.from, to).trimEnd().length) };
}

/** What the caret is in; between two elements of a list, the one that comes next. */
export function pathAt(tree: Tree, text: string, caret: number): Path {
  const path: (string | number)[] = [];
  let node: SyntaxNode | null = tree.resolveInner(caret, 1);
  // At the end of something, that is meant.
  if (!isValue(node) || node.name === 'Array') {
    const left = tree.resolveInner(caret, -1);
    if (left.name !== 'Array' && inside(left).length > inside(node).length) node = left;
  }
  const at = node.name === 'Array' ? node : node.name === '[' || node.name === ']' ? node.parent : null;
  if (at) {
    const elements = [...children(at)].filter(isValue);
    const next = elements.findIndex(({ to }) => to >= caret);
    if (elements.length > 0) path.unshift(next < 0 ? elements.length - 1 : next);
    node = at;
  }
  for (; node; node = node.parent) {
    if (node.name === 'Property') path.unshift(nameOf(node, text) ?? '');
    else if (node.parent?.name === 'Array' && isValue(node)) path.unshift(indexOf(node));
  }
  return path;
}

/** What a node is in, innermost first. */
function inside(node: SyntaxNode): readonly SyntaxNode[] {
  const all: SyntaxNode[] = [];
  for (let it: SyntaxNode | null = node; it; it = it.parent) all.push(it);
  return all;
}

function indexOf(element: SyntaxNode): number {
  let n = 0;
  for (let it = element.prevSibling; it; it = it.prevSibling) if (isValue(it)) n++;
  return n;
}

/**
 * Where the text is no JSON. `message`: what the reader of JSON says, with the offset or the line in it, as engines differ;
 * otherwise the first place that the grammar has no name for. null: nowhere.
 */
export function brokenAt(tree: Tree, text: string, message: string): Range | null {
  const offset = /position (\d+)/.exec(message);
  const place = /line (\d+) column (\d+)/.exec(message);
  let at: number | null = null;
  if (offset) at = Number(offset[1]);
  else if (place) {
    const lines = text.split('\n', Number(place[1]) - 1);
    at = lines.reduce((sum, line) => sum + line.length + 1, 0) + Number(place[2]) - 1;
  } else {
    tree.iterate({
      enter: (node) => {
        if (node.type.isError) at ??= node.from;
        return at === null;
      },
    });
  }
  if (at === null) return null;
  // After the last character there is nothing to mark: the character before it stands for it.
  const last = Math.max(0, text.trimEnd().length - 1);
  const from = Math.min(at, last);
  return { from, to: Math.min(from + 1, text.length) };
}
