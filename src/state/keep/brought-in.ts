/** A file that was checked, as a session that nobody has opened yet: what the list says of it, until it is. */
import type { Shipped } from '../desk.svelte';
import { MOST_NAME, RECORD, type Kept } from './record';

interface From {
  readonly file: string;
  readonly bytes: number;
  readonly shipped: readonly Shipped[];
}

export function broughtIn(file: unknown, { file: name, bytes, shipped }: From): Kept {
  const of = file as Readonly<Record<string, unknown>>;
  const base = shipped.find((one) => one.name === of['base']);
  const at = of['at'] as { readonly step: number } | undefined;
  const text = (value: unknown, otherwise: string): string => (typeof value === 'string' ? value : otherwise);
  return {
    v: RECORD,
    id: '',
    revision: 1,
    name: '',
    title: text(of['title'], base?.title ?? name).slice(0, MOST_NAME),
    version: text(of['version'], ''),
    base: null,
    file: name.slice(0, 255),
    overrides: {},
    acts: [],
    step: at?.step ?? (typeof of['start'] === 'number' ? of['start'] : 0),
    of: 0,
    hash: '',
    marks: [],
    screen: null,
    histories: [],
    answers: [],
    created: 0,
    changed: 0,
    bytes,
  };
}
