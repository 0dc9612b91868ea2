/** Opens the session that the page's address carries. */
import { LINK } from '../../words/share';
import type { Desk } from '../desk.svelte';
import { pretty } from '../scenario-text';
import { carriedBy, unpack } from './link';

/** False: it was refused, as the desk says. Nothing that is open is touched then. */
export async function follow(desk: Desk, hash: string): Promise<boolean> {
  const packed = carriedBy(hash);
  if (packed === null) return false;
  const unpacked = await unpack(packed);
  if (unpacked.ok) return desk.openText(LINK.name, inLines(unpacked.text));
  desk.refusal = { what: LINK.refused, problems: [{ path: '', message: LINK.faults[unpacked.why] }] };
  return false;
}

/** As the editor shows a scenario: a link has it in one line. What is no JSON is told where it is opened. */
function inLines(text: string): string {
  try {
    return `${pretty(JSON.parse(text))}\n`;
  } catch {
    return text;
  }
}
