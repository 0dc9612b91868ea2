/** Why something can never go on: one sentence for each reason. */
import type { Stuck, StuckWhy } from '../engine/liveness';
import { say, type Sentence } from './parts';

const WHY: Record<StuckWhy, string> = {
  retries:
    'tries its write again **for ever**: the page is of a type that nobody holds, so Xen answers RETRY each time.',
  fetches: 'fetches **for ever**: Xen finds the page in order, but its entry will never permit execution.',
  paged: 'tries its access again **for ever**: the page has been paged out, and no pager brings it back.',
  unanswered: 'waits **for ever**: nobody is left who would answer its request.',
  crashed: 'has **stopped**: its access could not be emulated, or Xen gave the domain up.',
  claim: 'can **never be claimed** again: pages of it are counted that no touch and no sweep will reset.',
};

export const tellStuck = ({ vcpu, why }: Stuck): Sentence =>
  say(`${vcpu === null ? 'The type' : `vCPU ${vcpu}`} ${WHY[why]}`);
