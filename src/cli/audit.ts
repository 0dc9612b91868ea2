/** `npm run sim -- FILE --audit`: each rule, whether it held, and where it was first broken, with the steps that led there. */
import { audit, type AuditRule, type AuditState } from '../engine/audit';
import { chainTo, firstBroken } from '../engine/findings';
import type { History } from '../engine/history';
import { stuck, type Stuck } from '../engine/liveness';
import type { AnyEvent } from '../engine/trace';
import type { Names } from '../words/events';
import { tell } from '../words/events';
import { INVARIANTS, RULES } from '../words/labels';
import { plain } from '../words/parts';
import { tellStuck } from '../words/stuck';

export interface Finding {
  readonly rule: AuditRule;
  /** At the end of the run. */
  readonly state: AuditState;
  /** First step after which it was broken, even if it holds again at the end; null: it never was. */
  readonly first: number | null;
  /** The events that led to that step, from the instruction that began it. */
  readonly chain: readonly AnyEvent[];
}

export interface AuditReport {
  readonly rules: readonly Finding[];
  readonly stuck: readonly Stuck[];
}

export function auditOf(history: History): AuditReport {
  const rules = audit(history.world).map(({ rule, state }) => {
    const first = firstBroken(history, rule);
    const event = first === null ? undefined : [...history.replay(first, first)][0]?.events.at(-1);
    return { rule, state, first, chain: event ? chainTo(history, event) : [] };
  });
  return { rules, stuck: stuck(history.world) };
}

export function printAudit({ rules, stuck }: AuditReport, names: Names): void {
  console.log('');
  for (const { rule, state, first, chain } of rules) {
    console.log(
      `${(RULES[rule] ?? rule).padEnd(38)} ${INVARIANTS.state[state]}${first === null ? '' : `, first broken at step ${first}`}`,
    );
    for (const event of chain) console.log(`${String(event.step).padStart(8)}  ${plain(tell(event, names).sentence)}`);
  }
  for (const found of stuck) console.log(plain(tellStuck(found)));
}
