/** The text of a file, before it is a scenario: how long it may be, and what is said of text that is no JSON. */
import { tooLarge } from './bounds';
import type { Problem } from './fields';

export type ReadJson =
  { readonly ok: true; readonly input: unknown } | { readonly ok: false; readonly problems: readonly Problem[] };

export function parseJson(text: string): ReadJson {
  const large = tooLarge(text.length);
  if (large)
    return {
      ok: false,
      problems: [{ ...large, hint: 'Loops and random accesses make long programs of short files.' }],
    };
  try {
    return { ok: true, input: JSON.parse(text) as unknown };
  } catch (error) {
    const { message } = error as Error;
    const hint = syntaxHint(text, message);
    return {
      ok: false,
      problems: [{ path: '', message: `is not JSON: ${message}`, ...(hint === undefined ? {} : { hint }) }],
    };
  }
}

/** Where it is, if the browser says, and which of the common mistakes it looks like. */
function syntaxHint(text: string, message: string): string | undefined {
  if (text.trim() === '') return 'The file is empty.';
  const at = placeOf(text, message);
  if (at === undefined) return undefined;
  const before = text.slice(Math.max(0, at - 200), at).trimEnd();
  const line = text.slice(0, at).split('\n').length;
  const column = at - text.lastIndexOf('\n', at - 1);
  return [`Line ${line}, column ${column}.`, likely(text.slice(at, at + 2), before)]
    .filter((part) => part !== '')
    .join(' ');
}

/** Engines say it as "position 12" or as "line 1 column 13"; of text that ends too early it is the end. */
function placeOf(text: string, message: string): number | undefined {
  const position = /position (\d+)/.exec(message)?.[1];
  if (position !== undefined) return Number(position);
  if (/end of (JSON|data|input)/i.test(message)) return text.length;
  const [, line, column] = /line (\d+) column (\d+)/.exec(message) ?? [];
  if (line === undefined) return undefined;
  const above = text.split('\n', Number(line) - 1);
  return above.join('\n').length + (above.length > 0 ? 1 : 0) + Number(column) - 1;
}

function likely(here: string, before: string): string {
  if (here === '') return 'The text ends before its last bracket or quotation mark.';
  if (before.endsWith(',') && /^[}\]]/.test(here)) return 'There must be no comma before a closing bracket.';
  if (here === '//' || here === '/*') return 'JSON has no comments.';
  if (here.startsWith("'")) return 'Names and texts stand between double quotation marks.';
  if (/^["{[]/.test(here) && /["}\]\d]$/.test(before)) return 'A comma is missing before it.';
  if (/^[a-z_]/i.test(here) && /[{,]$/.test(before)) return 'Names stand between double quotation marks.';
  if (/^[\da-fx_]/i.test(here) && /\d$/.test(before))
    return 'Hexadecimal numbers stand between quotation marks: "0x2f81".';
  return '';
}
