/** Commands that switch questions, and those about what was answered. */
import type { Questions } from '../../state/questions.svelte';
import { QUESTION_COMMANDS, WHY } from '../../words/commands';
import type { Command } from '../frame/commands';

export function questionCommands(questions: Questions): Command[] {
  const { mode, entries, session } = questions;
  const plain = (
    id: keyof typeof QUESTION_COMMANDS,
    name: string,
    run: () => unknown,
    why: string | null = null,
  ): Command => ({
    ...({ line: `questions ${id}`, group: id === 'save' ? 'save' : 'session', name, keys: [], run, why } as const),
  });
  const none = entries.length === 0 ? WHY.noAnswer : null;
  return [
    plain('lesson', QUESTION_COMMANDS.lesson(mode === 'lesson'), () =>
      questions.ask(mode === 'lesson' ? 'off' : 'lesson'),
    ),
    plain('xen', QUESTION_COMMANDS.xen(mode === 'xen'), () => questions.toggleXen()),
    plain('list', QUESTION_COMMANDS.list, () => void (questions.listing = true)),
    plain('again', QUESTION_COMMANDS.again, () => void questions.again(), session.info ? none : WHY.notNow),
    plain('save', QUESTION_COMMANDS.save, async () => (await import('./results')).saveAnswers(questions), none),
  ];
}
