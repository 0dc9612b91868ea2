/**
 * All events of a run as a file: one JSON object, or CSV (RFC 4180) with a row an event and a column a primitive. What the
 * events' sentences are is the page's to say: they are not in it.
 */
import type { History } from '../engine/history';
import type { Done } from '../engine/slices';
import { COSTS, type AnyEvent } from '../engine/trace';
import type { SessionInfo, TraceFormat } from './protocol';

/** What the file says of the run, apart from its events. */
export type Head = Pick<SessionInfo, 'title' | 'version' | 'patches' | 'steps'>;

/** Steps between two pauses, and a part of the file each. */
const SLICE = 200;

/** Versions of what is in the file. */
const FORMAT = { format: 'p2mscope trace', version: 1 } as const;

/** Columns of the CSV file. The event that led to one is named by its step and index, both empty where there is none. */
export const COLUMNS = [
  ...['step', 'index', 'actor', 'code', 'errno', 'causeStep', 'causeIndex'],
  ...COSTS,
  'params',
] as const;

/** The file as UTF-8 in parts. Runs all steps once more, with pauses. */
export function* traceFile(
  history: History,
  format: TraceFormat,
  head: Head,
): Generator<Done, Uint8Array<ArrayBuffer>[]> {
  const encoder = new TextEncoder();
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const { begin, between, event: write, end } = (format === 'json' ? json : csv)(head);
  const of = history.length;
  let text = begin;
  let first = true;
  for (const { events, world } of history.replay(1, of)) {
    for (const event of events) {
      text += first ? write(event) : between + write(event);
      first = false;
    }
    if (world.steps % SLICE !== 0) continue;
    parts.push(encoder.encode(text));
    text = '';
    yield { done: world.steps, of };
  }
  parts.push(encoder.encode(text + end));
  return parts;
}

interface Writer {
  readonly begin: string;
  readonly between: string;
  readonly end: string;
  readonly event: (event: AnyEvent) => string;
}

function json({ title, version, patches, steps }: Head): Writer {
  const head = stringify({ ...FORMAT, title, xen: version, patches, steps });
  return {
    begin: `${head.slice(0, -1)},"events":[\n`,
    between: ',\n',
    end: '\n]}\n',
    event: ({ step, index, actor, code, params, errno, cause, costs }) =>
      stringify({ step, index, actor, code, params, errno, cause, costs }),
  };
}

function csv(): Writer {
  return {
    begin: `${COLUMNS.join(',')}\r\n`,
    between: '',
    end: '',
    event: ({ step, index, actor, code, params, errno = '', cause, costs }) =>
      [
        ...[step, index, actor, code, errno, cause?.step ?? '', cause?.index ?? ''],
        ...COSTS.map((cost) => costs[cost] ?? 0),
        stringify(params),
      ]
        .map((field) => quoted(String(field)))
        .join(',')
        .concat('\r\n'),
  };
}

/** JSON has no whole numbers above 2^53: a bigint is written in hexadecimal, as a text. */
const stringify = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? `0x${part.toString(16)}` : part));

const quoted = (field: string): string => (/[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field);
