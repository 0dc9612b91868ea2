import { expect, test } from 'vitest';
import { stepDots } from './step-dots';

test('six steps behind, twelve ahead, a sign where something is asked', () => {
  const { behind, now, ahead, asked, width } = stepDots(81, 111, [81, 82, 85, 85, 104]);
  expect([behind.length, ahead.length, width]).toEqual([6, 12, 19 * 30]);
  expect([behind.at(-1), now, ahead[0]]).toEqual([165, 195, 225]);
  // Step 85 is the fourth ahead; what is asked now, and far off, has none.
  expect(asked).toEqual([ahead[3]]);
});

test('at the ends there are fewer', () => {
  expect(stepDots(0, 3, [])).toMatchObject({ behind: [], now: 15, ahead: [45, 75, 105] });
  expect(stepDots(3, 3, [])).toMatchObject({ ahead: [], width: 120 });
});
