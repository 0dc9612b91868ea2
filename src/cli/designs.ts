/** The other designs on the command line. */
import { DESIGN_NAMES, DESIGNS, type DesignName } from '../engine/designs';
import { designTitle } from '../words/designs';
import { InputError } from './input';

/** A line a design: name, year, title, where it is from. */
export const listDesigns = (): string[] =>
  DESIGNS.map(({ name, year, source }) =>
    [name.padEnd(15), year ?? '    ', designTitle(name).padEnd(30), source].join('  '),
  );

/** Throws InputError: there is no such design. */
export function designNamed(text: string): DesignName {
  const found = DESIGN_NAMES.find((name) => name === text);
  if (found) return found;
  throw new InputError(`--design: there is no ${JSON.stringify(text)}: must be one of ${DESIGN_NAMES.join(', ')}`);
}
