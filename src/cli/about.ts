/** `npm run sim -- --about NAME`: what a patch or a design is, and what goes wrong without it or what it costs. */
import { DESIGN_NAMES } from '../engine/designs';
import { mostTypes, TYPE_BITS, TYPE_COSTS, typeSpace } from '../engine/designs/type-space';
import { PATCHES } from '../engine/patches';
import { designCosts, designIs, designTitle } from '../words/designs';
import { plain } from '../words/parts';
import { patchDoes, patchTitle, patchWithout } from '../words/patches';
import { InputError } from './input';

/** Lines on a patch, a design, or `types`: the room there is for page types. Throws InputError: there is no such thing. */
export function about(name: string): string[] {
  const patch = PATCHES.find((p) => p.name === name);
  if (patch) {
    const needs = patch.needs.length > 0 ? [`Needs ${patch.needs.join(', ')}.`] : [];
    const head = `${patch.id}  ${patch.date}  ${patchTitle(patch.name)}`;
    return [head, plain(patchDoes(patch.name)), `Without it: ${plain(patchWithout(patch.name))}`, ...needs];
  }
  const design = DESIGN_NAMES.find((d) => d === name);
  if (design) return [designTitle(design), plain(designIs(design)), plain(designCosts(design))];
  if (name === 'types') return types();
  throw new InputError(`--about: there is no ${JSON.stringify(name)}: must be a patch, a design, or types`);
}

/** A line a format of entry; then what each type costs. */
function types(): string[] {
  const rows = Object.entries(TYPE_BITS).map(([format, bits]) => {
    const { values, left } = typeSpace(bits, 1);
    const room = `${values} values, ${left} left with one type for servers`;
    return `${format.padEnd(9)} ${bits} bits: ${room}, room for ${mostTypes(bits)} such types`;
  });
  const { claimBytes, entryBytes } = TYPE_COSTS;
  return [...rows, `each type costs a value, ${claimBytes} bytes for its claim, and ${entryBytes} bytes an entry`];
}
