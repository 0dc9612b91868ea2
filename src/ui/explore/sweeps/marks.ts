/** Designs are told apart by letter, mark and dash, never by hue: the first four as everywhere on the page. */
export interface MarkShape {
  /** Round 0, 0. */
  readonly d: string;
  readonly filled: boolean;
  readonly dash: string;
}

const SQUARE = 'M-5-5h10v10h-10z';
const CIRCLE = 'M-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0z';
const TRIANGLE = 'M0-6L6 5H-6z';
const DIAMOND = 'M0-6.5L6.5 0L0 6.5L-6.5 0z';

const MARKS: readonly MarkShape[] = [
  { d: SQUARE, filled: true, dash: '' },
  { d: CIRCLE, filled: false, dash: '' },
  { d: TRIANGLE, filled: false, dash: '7 4' },
  { d: 'M-5-5L5 5M-5 5L5-5', filled: false, dash: '2 4' },
  { d: CIRCLE, filled: true, dash: '10 3 2 3' },
  { d: SQUARE, filled: false, dash: '4 2' },
  { d: TRIANGLE, filled: true, dash: '12 4' },
  { d: 'M-6 0H6M0-6V6', filled: false, dash: '1 3' },
  { d: DIAMOND, filled: false, dash: '6 2 2 2 2 2' },
];

export const markOf = (design: number): MarkShape => MARKS[design % MARKS.length]!;
