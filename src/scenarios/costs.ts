/** Prices in a file: the `costs` of a scenario, or a file of their own for the command line. What is not named keeps its default. */
import * as v from 'valibot';
import { isPrice, MAX_PRICE, type CostTable } from '../engine/cost-table';
import { COSTS } from '../engine/trace';
import type { Problem } from './fields';

/** Cycles by the name of a primitive. */
export const costs = v.record(
  v.picklist(COSTS, `is no cost: must be one of ${COSTS.join(', ')}`),
  v.pipe(
    v.number('must be a number of cycles'),
    v.check((n) => isPrice(n), `must be from 0 to ${MAX_PRICE}`),
  ),
  'must be an object of cycles by cost: { "exits": 2000 }',
);

export type ParsedCosts =
  | { readonly ok: true; readonly costs: Partial<CostTable> }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Reads the text of a file of prices; every mistake at once. */
export function parseCosts(text: string): ParsedCosts {
  let input: unknown;
  try {
    input = JSON.parse(text);
  } catch (error) {
    return { ok: false, problems: [{ path: '', message: `is not JSON: ${(error as Error).message}` }] };
  }
  const result = v.safeParse(costs, input);
  if (result.success) return { ok: true, costs: result.output };
  const problems = result.issues.map(({ path, message }) => ({
    path: (path?.[0].key as string | undefined) ?? '',
    message,
  }));
  return { ok: false, problems };
}
