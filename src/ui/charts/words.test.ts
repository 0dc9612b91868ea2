/** The words for what the charts name: none is missing, and none needs a letter that the page's fonts have not. */
import { expect, test } from 'vitest';
import { CHARTS } from '../../engine/machines';
import { readChart } from '../../engine/machines/read-chart';
import { PLAYER } from '../../state/player';
import { chartTitle, instanceWord } from '../../words/charts';
import { eventWords, linesOf, stateWord } from '../../words/chart-labels';
import { plain } from '../../words/parts';
import { knownRule, refusedSentence, refusedShort } from '../../words/rules';

const all = [...CHARTS, PLAYER].flatMap((chart) =>
  readChart(chart).arrows.map((arrow) => [chart.name, arrow] as const),
);

test('every chart has a title of its own', () => {
  const tabs = [...CHARTS, PLAYER].map(({ name }) => [name, chartTitle(name).tab] as const);
  expect(tabs.filter(([name, tab]) => name === tab)).toEqual([]);
});

test('every rule that a refusal names has a sentence, and a reason short enough for a cross', () => {
  for (const [chart, { event, refused }] of all) {
    if (!refused) continue;
    expect([chart, event, refused.rule, knownRule(event, refused)]).toEqual([chart, event, refused.rule, true]);
    expect(refusedShort(event, refused).length).toBeLessThanOrEqual(30);
    expect(plain(refusedSentence(event, refused))).toMatch(new RegExp(`^${refused.errno} [A-Z].*[a-z_A-Z]$`));
  }
});

test('a rule means another thing where another function says no', () => {
  const rule = { errno: 'EBUSY', rule: 'outstanding' } as const;
  expect(plain(refusedSentence('claim.write', rule))).toMatch(/p2m_set_ioreq_server$/);
  expect(plain(refusedSentence('log_dirty', rule))).toMatch(/hap_enable_log_dirty$/);
});

test('a rule without words is told by its errno', () => {
  const rule = { errno: 'ENOSPC', rule: 'something new' } as const;
  expect(plain(refusedSentence('x', rule))).toBe('ENOSPC Every place is taken.');
  expect([knownRule('x', rule), refusedShort('x', rule)]).toEqual([false, '']);
});

test('labels are in letters that the fonts have, and fit their line', () => {
  for (const [chart, arrow] of all) {
    const words = eventWords(chart, arrow);
    expect(words).toMatch(/^[\w ,./'-]+$/);
    for (const line of linesOf(words)) expect([line, line.length <= 26]).toEqual([line, true]);
  }
});

test('an event with several outcomes is told by what makes the difference', () => {
  const claim = all.filter(([chart]) => chart === 'claim').map(([, arrow]) => arrow);
  const release = claim.filter(({ event, to }) => event === 'release' && to).map((arrow) => eventWords('claim', arrow));
  expect(release).toEqual(['release, entries left', 'release, none left']);
  const stays = { event: 'set_mem_type.ram_rw', from: 'ram_rw', to: null, when: {} };
  expect(eventWords('page-type', stays)).toBe('set_mem_type, ram_rw');
});

test('a label breaks at its commas, on a narrow screen between words', () => {
  expect(linesOf('recalc, no owner, log-dirty on')).toEqual(['recalc, no owner,', 'log-dirty on']);
  expect(linesOf('release, entries left')).toEqual(['release, entries left']);
  expect(linesOf('last entry gone', true)).toEqual(['last entry', 'gone']);
});

test('states and instances go by Xen’s names', () => {
  expect([stateWord('slot', 'respReady'), stateWord('claim', 'claimed.write'), stateWord('ring', 'off')]).toEqual([
    'RESP_READY',
    'write',
    'no ring',
  ]);
  expect([instanceWord('slot', '1/0'), instanceWord('vcpu', '3'), instanceWord('page-type', '0x1a')]).toEqual([
    'server 1, vCPU 0',
    'vCPU 3',
    '0x1a',
  ]);
});
