/** For tests: what a sentence must keep to. */
import { plain, type Sentence } from './parts';

/** Everything that is wrong with how an event is told; empty when nothing is. */
export function faultsOf({ sentence, why }: { sentence: Sentence; why: Sentence }): string[] {
  const text = plain(sentence);
  const because = plain(why);
  const faults: string[] = [];
  if (sentence.filter(({ bold }) => bold).length !== 1) faults.push('not one bold phrase');
  if (text.length > 110) faults.push(`${text.length} characters`);
  if (because.trim() === '') faults.push('no why');
  if (why.some(({ bold }) => bold)) faults.push('bold in the why');
  if (!/[.]$/.test(text) || !/[.]$/.test(because)) faults.push('no full stop');
  if (/undefined|NaN|\[object|[*`]|-0x|0x-| {2}/.test(text + because))
    faults.push('a hole, or a mark that was not set');
  return faults.map((fault) => `${fault}: ${text} | ${because}`);
}
