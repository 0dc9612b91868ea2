/** Bounds, start and rules of a search, as the user sets them. */
import type { AuditRule } from '../../engine/audit';
import type { Bounds } from '../../explore/search/search';
import { RULES } from '../../words/labels';
import { setOf, toggled } from './sets';
import type { From } from './target';

export const MOST_DEPTH = 65_535;
export const MOST_STATES = 100_000_000;
const DEPTH = 1000;
const STATES = 1_000_000;

/** In the order of the audit, which is not read in with the page. */
export const ALL_RULES = Object.keys(RULES) as readonly AuditRule[];

export class Setup {
  from = $state<From>('first');
  /** As they are typed. */
  depth = $state(String(DEPTH));
  states = $state(String(STATES));
  rules = $state.raw<ReadonlySet<AuditRule>>(setOf(ALL_RULES));

  readonly depthIs = $derived(whole(this.depth, MOST_DEPTH));
  readonly statesIs = $derived(whole(this.states, MOST_STATES));
  /** null: something typed is no such number. */
  readonly bounds: Bounds | null = $derived(
    this.depthIs === null || this.statesIs === null ? null : { depth: this.depthIs, states: this.statesIs },
  );
  readonly ready = $derived(this.bounds !== null && this.rules.size > 0);

  toggle(rule: AuditRule): void {
    this.rules = toggled(this.rules, rule);
  }

  /** What a file says of a search of it; what it does not say is as it comes. What was typed since `before` stays. */
  suggest({ depth, states }: Suggested, before: Pick<Setup, 'depth' | 'states'>): void {
    if (this.depth === before.depth) this.depth = String(depth ?? DEPTH);
    if (this.states === before.states) this.states = String(states ?? STATES);
  }
}

interface Suggested {
  readonly depth: number | null;
  readonly states: number | null;
}

/** Digits, spaces between them as people group them; null: no whole number from 1 to `most`. */
function whole(text: string, most: number): number | null {
  const digits = text.replaceAll(/[\s_]/g, '');
  if (!/^\d{1,12}$/.test(digits)) return null;
  const n = Number(digits);
  return n >= 1 && n <= most ? n : null;
}
