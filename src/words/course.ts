/** The course: its list, its filters, and the strip in which a lesson speaks. */
import type { Lesson } from '../scenarios/lesson';

export const LEVELS: Readonly<Record<Lesson['level'], string>> = {
  responding: 'Responding',
  changing: 'Changing',
  constructing: 'Constructing',
};

export const COURSE_WORDS = {
  name: 'Lessons',
  close: 'Close',
  about:
    'Before a step that matters the player stops and asks. Responding: you say what will happen. Changing: you switch a version or a patch and compare. Constructing: you write a scenario and say what must come out.',
  list: 'Lessons in their order',
  time: 'Time',
  level: 'Level',
  any: 'any',
  minutes: (n: number): string => `${n} min`,
  needs: (titles: readonly string[]): string => `After ${titles.join(', and ')}`,
  first: 'Needs nothing before it',
  open: 'open now',
  shown: (n: number, of: number): string => (n === of ? `${of} lessons` : `${n} of ${of} lessons`),
  none: 'No lesson takes that long at that level.',
  plain: 'Other scenarios',
  plainAbout: 'Without questions and notes, to look around in.',
} as const;

export const NOTE = {
  name: 'Lesson',
  of: ({ number }: Lesson, title: string): string => `Lesson ${number}: ${title}`,
  fold: 'Fold the notes away',
  unfold: 'Show the notes',
  more: 'More',
  less: 'Less',
} as const;
