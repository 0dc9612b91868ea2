// Sessions that are kept and brought back, with a real worker: the same step and state, and no tab writes over another.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { KEEP } from '../../words/library';
import { bundleOf } from '../session-file';
import type { Kept } from './record';
import { memoryShelf } from './shelf';
import { Browser, FILE } from './testing';

let browser: Browser;
beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
  browser = new Browser();
});
afterEach(() => browser.close());

type Tab = ReturnType<Browser['tab']>;
const where = ({ session }: Tab) => [session.picture?.step, session.picture?.hash];
/** By name. */
const list = async ({ library }: Tab) => {
  await library.load();
  const rows = library.rows!.map(({ kept, where: at }) => [kept!.name, kept!.step, at] as const);
  return rows.sort(([a], [b]) => (a < b ? -1 : 1));
};
/** The tab goes: its locks do, too, and another one has another memory of its own. */
const close = () => {
  browser.held.clear();
  sessionStorage.clear();
};
const file = (value: unknown, name = 'x.json') => {
  const text = JSON.stringify(value);
  return { name, size: text.length, text: async () => text };
};

test('another visit comes back to the run, the step, the marks and what was done, with the same state', async () => {
  const tab = browser.tab();
  await tab.desk.choose('one');
  await tab.desk.override({ version: 'v7' });
  await tab.session.seek(12);
  await tab.session.perform({ command: { op: 'create_ioreq_server' } });
  tab.session.toggleMark(5);
  await tab.session.seek(20);
  tab.screen.show('race');
  await tab.kept();
  close();
  const next = browser.tab();
  expect(await next.opener.resume()).toBe(true);
  expect(where(next)).toEqual(where(tab));
  expect(next.session.marks).toEqual([5]);
  expect(next.session.snapshot.acts).toEqual(tab.session.snapshot.acts);
  expect([next.desk.chosen?.name, next.session.info?.version, next.screen.now()]).toEqual(['one', 'v7', 'race']);
  expect([next.desk.astray, next.told]).toEqual([null, [KEEP.resumed('One buffer', 20)]]);
});

test('a file of the user comes back with its source, which is written once', async () => {
  const tab = browser.tab();
  const write = vi.spyOn(browser.shelf, 'write');
  await tab.desk.openText('mine.json', JSON.stringify(FILE));
  await tab.session.seek(9);
  await tab.kept();
  await tab.session.seek(10);
  await tab.kept();
  expect(write.mock.calls.map(([record, over, source]) => [record.step, over, typeof source])).toEqual([
    [9, 0, 'string'],
    [10, 1, 'undefined'],
  ]);
  close();
  const next = browser.tab();
  await next.opener.resume();
  expect([...where(next), next.desk.chosen?.file]).toEqual([...where(tab), 'mine.json']);
});

test('a session that is only looked at where it begins leaves nothing behind; one that was walked in stays', async () => {
  const tab = browser.tab();
  await tab.desk.choose('one');
  await tab.kept();
  await tab.desk.choose('two');
  await tab.session.seek(4);
  await tab.kept();
  expect(await list(tab)).toEqual([['Two buffers', 4, 'here']]);
  await tab.desk.choose('one');
  await tab.kept();
  expect(await list(tab)).toEqual([
    ['One buffer', 0, 'here'],
    ['Two buffers', 4, null],
  ]);
});

test('undoing an opening goes back to the session of before, under its own name', async () => {
  const tab = browser.tab();
  await tab.desk.choose('one');
  await tab.session.seek(6);
  await tab.kept();
  const { id } = tab.writer.mine!;
  await tab.desk.choose('two');
  await tab.kept();
  await tab.session.undo();
  await tab.kept();
  expect([tab.writer.mine!.id, tab.session.step]).toEqual([id, 6]);
  expect(await list(tab)).toEqual([['One buffer', 6, 'here']]);
});

test('what was changed and not yet written is written before another session is', async () => {
  const tab = browser.tab();
  await tab.desk.choose('one');
  await tab.session.seek(6);
  await tab.kept();
  await tab.session.seek(8);
  tab.writer.touch();
  await tab.desk.choose('two');
  tab.writer.touch();
  await tab.writer.flush();
  expect(await list(tab)).toContainEqual(['One buffer', 8, null]);
});

test('a second tab takes the next session that no other shows, and none where all are shown', async () => {
  const a = browser.tab();
  await a.desk.choose('one');
  await a.session.seek(3);
  await a.kept();
  await a.desk.choose('two');
  await a.session.seek(4);
  await a.kept();
  sessionStorage.clear();
  const b = browser.tab();
  await b.opener.resume();
  expect([b.desk.chosen?.name, b.session.step]).toEqual(['one', 3]);
  sessionStorage.clear();
  expect(await browser.tab().opener.resume()).toBe(false);
});

test('a session that another tab shows is opened as a copy, and each keeps its own', async () => {
  const a = browser.tab();
  await a.desk.choose('one');
  await a.session.seek(3);
  await a.kept();
  const b = browser.tab();
  // As a tab that was duplicated, it believes that the session is its own.
  expect(await b.opener.resume()).toBe(true);
  expect(b.told).toEqual([KEEP.copied('One buffer (2)')]);
  await b.session.seek(7);
  await b.kept();
  await a.session.seek(5);
  await a.kept();
  expect(await list(a)).toEqual([
    ['One buffer', 5, 'here'],
    ['One buffer (2)', 7, 'elsewhere'],
  ]);
});

test('where locks do not tell, a tab that finds another revision than its own goes on as a copy', async () => {
  const a = browser.tab();
  await a.desk.choose('one');
  await a.session.seek(3);
  await a.kept();
  browser.held.clear();
  const b = browser.tab();
  await b.opener.resume();
  await b.session.seek(4);
  await b.kept();
  await a.session.seek(9);
  await a.kept();
  expect(a.told).toEqual([KEEP.forked('One buffer (2)')]);
  expect((await list(a)).map(([name, step]) => [name, step])).toEqual([
    ['One buffer', 4],
    ['One buffer (2)', 9],
  ]);
});

test('what a page lays down as it goes is there after the reload, unless something newer is', async () => {
  const tab = browser.tab();
  await tab.desk.choose('one');
  await tab.session.seek(3);
  await tab.kept();
  const write = vi.spyOn(browser.shelf, 'write').mockReturnValue(new Promise(() => undefined));
  await tab.session.seek(11);
  tab.writer.touch();
  tab.writer.leave();
  write.mockRestore();
  browser.held.clear();
  const next = browser.tab();
  await next.opener.resume();
  expect(where(next)).toEqual(where(tab));
});

test('what is being written as the page goes is there after the reload, whether the database has taken it or not', async () => {
  for (const takes of [true, false]) {
    const tab = browser.tab();
    await tab.desk.choose('one');
    await tab.session.seek(3);
    await tab.kept();
    await tab.session.seek(11);
    const { shelf } = browser;
    const real = shelf.write.bind(shelf);
    const write = vi.spyOn(shelf, 'write').mockImplementation((...what) => {
      if (takes) void real(...what);
      return new Promise(() => undefined);
    });
    tab.writer.touch();
    void tab.writer.flush();
    await vi.waitFor(() => expect(write).toHaveBeenCalled());
    tab.writer.leave();
    write.mockRestore();
    browser.held.clear();
    const next = browser.tab();
    await next.opener.resume();
    expect(where(next)).toEqual(where(tab));
    close();
  }
});

test('a run that comes out otherwise is told of: the step, and both states', async () => {
  const tab = browser.tab();
  await tab.desk.choose('one');
  await tab.session.seek(3);
  await tab.kept();
  const { id, revision } = tab.writer.mine!;
  const { record } = (await browser.shelf.read(id))!;
  await browser.shelf.write({ ...(record as Kept), hash: 'f'.repeat(16), revision: revision + 1 }, revision);
  close();
  const next = browser.tab();
  await next.opener.resume();
  expect(next.desk.astray).toEqual({
    step: 3,
    meant: 'f'.repeat(16),
    found: tab.session.picture!.hash,
    why: 'simulator',
  });
});

test('what cannot be read is not opened, not lost, and told of', async () => {
  const tab = browser.tab();
  await browser.shelf.write({ id: 'odd', revision: 1, v: 99 } as never, 0);
  expect(await tab.opener.resume()).toBe(false);
  expect(tab.told).toEqual([KEEP.unreadable(1)]);
  await tab.library.load();
  expect(tab.library.rows).toEqual([{ id: 'odd', kept: null, where: null }]);
  await tab.library.remove(tab.library.rows![0]!);
  expect(tab.library.rows).toEqual([]);
  await tab.library.undo();
  expect(tab.library.rows).toHaveLength(1);
});

test('no room left is said, and said no more when there is', async () => {
  const full = { ...memoryShelf(), lasting: true };
  const tab = browser.tab(full);
  const write = vi.spyOn(full, 'write').mockRejectedValueOnce(new DOMException('', 'QuotaExceededError'));
  await tab.desk.choose('one');
  await tab.session.seek(2);
  await tab.kept();
  expect(tab.troubles).toEqual([KEEP.full]);
  await tab.session.seek(3);
  await tab.kept();
  expect([tab.troubles, write.mock.calls.length, await list(tab)]).toEqual([
    [KEEP.full, ''],
    2,
    [['One buffer', 3, 'here']],
  ]);
});

test('sessions are renamed, duplicated, deleted and put back, each as it was', async () => {
  const tab = browser.tab();
  await tab.desk.choose('one');
  await tab.session.seek(3);
  await tab.kept();
  await tab.desk.choose('two');
  await tab.session.seek(4);
  await tab.kept();
  const row = async (name: string) => {
    await tab.library.load();
    return tab.library.rows!.find(({ kept }) => kept?.name === name)!;
  };
  await tab.library.rename(await row('One buffer'), '  Mine ');
  await tab.library.rename(await row('Two buffers'), 'Shown');
  await tab.library.duplicate(await row('Mine'));
  await tab.library.remove(await row('Mine'));
  expect(await list(tab)).toEqual([
    ['Mine (2)', 3, null],
    ['Shown', 4, 'here'],
  ]);
  await tab.library.undo();
  expect((await list(tab)).map(([name]) => name)).toEqual(['Mine', 'Mine (2)', 'Shown']);
  // What is shown is not deleted under the user's feet.
  await tab.library.remove(await row('Shown'));
  expect(await row('Shown')).toBeDefined();
  await tab.session.seek(5);
  await tab.kept();
  expect((await row('Shown')).kept?.step).toBe(5);
});

test('all sessions go out as one file and come back under new ids, to the same step and state', async () => {
  const tab = browser.tab();
  await tab.desk.openText('mine.json', JSON.stringify(FILE));
  await tab.session.seek(12);
  await tab.session.perform({ command: { op: 'create_ioreq_server' } });
  await tab.kept();
  await tab.library.load();
  await tab.library.rename(tab.library.rows![0]!, 'Mine');
  const all = await tab.library.fileOfAll();
  const next = new Browser().tab();
  await next.library.bringIn(file(all));
  expect(next.library.report).toEqual({ brought: 1, of: 1, refused: [] });
  expect(await list(next)).toEqual([['Mine', 13, null]]);
  await next.library.open(next.library.rows![0]!.id);
  expect([where(next), next.desk.astray]).toEqual([where(tab), null]);
  await next.library.bringIn(file(all));
  expect((await list(next)).map(([name]) => name)).toEqual(['Mine', 'Mine']);
});

test('of a file that is brought in each entry is judged by itself', async () => {
  const { library } = browser.tab();
  const entries = [
    { name: 'good', file: FILE },
    { name: 'bad', file: { ...FILE, version: 'v99' } },
    { name: 'none', file: undefined },
  ];
  await library.bringIn(file(bundleOf(entries)));
  expect([library.report!.brought, library.report!.of, library.report!.refused.map(({ name }) => name)]).toEqual([
    1,
    3,
    ['bad', 'none'],
  ]);
  expect(library.report!.refused[0]!.problems[0]!.path).toBe('version');
  await library.bringIn({ name: 'x.json', size: 1, text: async () => '{' });
  expect(library.report!.refused[0]!.problems[0]!.message).toBe('it is not JSON');
});
