/** What is said of an answer once the truth is shown, and of what was seen; null: nothing yet. */
import type { Phase, Put } from '../../state/questions.svelte';
import { answerAt, sameAnswer } from '../../state/questions/answer';
import { say, type Sentence } from '../../words/parts';
import { answerText, verdict } from '../../words/questions';

export function toldOf({ question, said, saw }: Put, phase: Phase): Sentence | null {
  const truth = question.options[question.right]!.answer;
  const words = answerText(truth);
  if (phase === 'revealed') {
    const answer = answerAt(question, said ?? null);
    if (answer === null) return say(verdict.told(words));
    return say(sameAnswer(answer, truth) ? verdict.right(words) : verdict.wrong(answerText(answer), words));
  }
  if (phase !== 'seen') return null;
  const seen = answerAt(question, saw ?? null);
  if (seen === null) return say(verdict.sawNothing(words));
  return say(sameAnswer(seen, truth) ? verdict.sawRight : verdict.sawWrong(words));
}
