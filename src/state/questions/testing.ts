/** For tests: a session with prompts, and a worker that asks who sees a write. */
import { flushSync } from 'svelte';
import { vi } from 'vitest';
import type { Answer, Ask } from '../../scenarios/lesson';
import type { Progress } from '../../worker/client';
import type { PromptInfo, Question, QuestionOf } from '../../worker/protocol';
import { Questions } from '../questions.svelte';
import { info, session } from '../session-testing';

export const sees = (who: string): Answer => ({ ask: 'sees', who });

/** XenGT sees it; QEMU would on Xen 4.8, and nobody ever is "nobody". */
export const question = (step: number, more: Partial<Question> = {}): Question => ({
  ask: 'sees',
  step,
  until: step + 1,
  about: null,
  gfn: 0x12,
  text: null,
  after: 'The claim decides.',
  options: [
    { answer: sees('qemu'), sets: [{ version: '4.8', patches: { off: ['claim'] } }] },
    { answer: sees('xengt'), sets: [] },
    { answer: sees('nobody'), sets: [] },
  ],
  right: 1,
  ...more,
});

export const prompt = (step: number, ask: Ask = 'sees'): PromptInfo => ({ step, until: step + 1, ask });

/** Prompts before steps 4 and 8, begun at step 2, and a question for each. */
export async function asking(prompts: readonly (PromptInfo | null)[] = [prompt(4), null, prompt(8)]) {
  localStorage.clear();
  const { it, server, asked } = session();
  const ask = vi.mocked(server.question as unknown as (of: QuestionOf, on?: Progress) => Promise<Question | null>);
  ask.mockImplementation(async (of) => {
    if ('prompt' in of) return question(prompts[of.prompt]!.step, { ask: prompts[of.prompt]!.ask });
    return question(of.step, { ask: 'xen' });
  });
  vi.mocked(server.open).mockImplementation(async () => ({ ...info(10, 0), prompts, version: 'today' }));
  const questions = new Questions(it);
  await it.open({ a: 'scenario' });
  questions.ask('lesson');
  flushSync();
  /** Until the question is open. */
  const put = async (by: () => unknown = it.next): Promise<void> => {
    void by();
    flushSync();
    await vi.waitFor(() => {
      flushSync();
      if (questions.phase !== 'asked') throw new Error(`${questions.phase} at step ${it.step}`);
    });
  };
  const settled = async (): Promise<void> => {
    await vi.waitFor(() => {
      flushSync();
      if (!it.is('run.ready.idle') || it.picture?.step !== it.step) throw new Error(it.mode);
    });
    flushSync();
  };
  return { it, server, ask, asked, questions, put, settled };
}
