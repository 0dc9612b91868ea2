// The events of a run as a file: what is in it, and that a reader of the format gets it back.
import { expect, test } from 'vitest';
import { finish } from '../engine/slices';
import { COSTS, type AnyEvent } from '../engine/trace';
import { SCENARIOS } from '../scenarios';
import { parseScenario, type Scenario } from '../scenarios/schema';
import type { TraceFormat } from './protocol';
import { Session } from './session';
import { COLUMNS, traceFile, type Head } from './trace-file';

async function shipped(name: string): Promise<Session> {
  const parsed = parseScenario(await SCENARIOS.find((s) => s.name === name)!.load());
  const session = new Session((parsed as { scenario: Scenario }).scenario);
  while (!session.run(1000));
  return session;
}
function text({ history, info }: { history: Session['history']; info: Head }, format: TraceFormat): string {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  return finish(traceFile(history, format, info))
    .map((part) => decoder.decode(part))
    .join('');
}
const of = (session: Session, more: Partial<Head> = {}) => ({
  history: session.history,
  info: { ...session.info(), ...more },
});
const eventsOf = ({ history }: Session): AnyEvent[] =>
  [...history.replay(1, history.length)].flatMap(({ events }) => events);

/** RFC 4180: records end with CR LF; a field in quotation marks may hold commas, line ends, and quotation marks twice. */
function parseCsv(file: string): string[][] {
  const records: string[][] = [[]];
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y;
  while (field.lastIndex < file.length) {
    const match = field.exec(file) ?? expect.fail('no CSV');
    records.at(-1)!.push(match[1]?.replaceAll('""', '"') ?? match[2]!);
    if (match[3] === '\r\n') records.push([]);
  }
  expect(records.pop()).toEqual([]);
  return records;
}

test('as JSON it says what was run, and has every event as it was', async () => {
  const session = await shipped('bug-2019');
  const file = JSON.parse(text(of(session), 'json')) as Record<string, unknown>;
  const { events, ...head } = file;
  const { title, version, patches, steps } = session.info();
  expect(head).toEqual({ format: 'p2mscope trace', version: 1, title, xen: version, patches, steps });
  expect(events).toEqual(eventsOf(session));
  expect((events as AnyEvent[]).length).toBe(91);
  expect((events as AnyEvent[]).some(({ errno }) => errno)).toBe(false);
});

test('a title with every kind of character, an errno and a bigint pass through JSON', async () => {
  const session = await shipped('migration-refused');
  const title = 'Ünï "quoted", \\ \u2028 𝄞 \n';
  const file = JSON.parse(text(of(session, { title, patches: [2n ** 63n] as never }), 'json')) as {
    title: string;
    patches: unknown;
    events: AnyEvent[];
  };
  expect([file.title, file.patches]).toEqual([title, ['0x8000000000000000']]);
  expect(file.events.filter(({ errno }) => errno).map(({ code, errno }) => [code, errno])).toEqual(
    eventsOf(session)
      .filter(({ errno }) => errno)
      .map(({ code, errno }) => [code, errno]),
  );
  expect(file.events.filter(({ errno }) => errno).length).toBeGreaterThan(0);
});

test.each(['migration-refused', 'range-wall'])('as CSV %s has a row an event, a column a primitive', async (name) => {
  const session = await shipped(name);
  const [header, ...rows] = parseCsv(text(of(session), 'csv'));
  expect(header).toEqual([...COLUMNS]);
  expect(header!.join()).toBe(
    'step,index,actor,code,errno,causeStep,causeIndex,exits,rangeComparisons,entries,flushes,frames,notifications,hypercalls,switches,blocked,params',
  );
  const events = eventsOf(session);
  expect(rows.length).toBe(events.length);
  rows.forEach((row, i) => {
    const { step, index, actor, code, errno = '', cause, costs, params } = events[i]!;
    expect(row.slice(0, 7)).toEqual(
      [step, index, actor, code, errno, cause?.step ?? '', cause?.index ?? ''].map(String),
    );
    expect(row.slice(7, -1)).toEqual(COSTS.map((cost) => String(costs[cost] ?? 0)));
    expect(JSON.parse(row.at(-1)!)).toEqual(params);
  });
});

test('of a run without a step it has no event, and is a file all the same', () => {
  const file = { format: 1, title: 'None', version: 'claim', guest: { memory: '16 MiB' }, vcpus: [[]] };
  const session = new Session((parseScenario(file) as { scenario: Scenario }).scenario);
  expect(JSON.parse(text(of(session), 'json'))).toMatchObject({ title: 'None', steps: 0, events: [] });
  expect(parseCsv(text(of(session), 'csv'))).toEqual([[...COLUMNS]]);
});

test('is made in slices of 200 steps, and moves nothing of what is shown', async () => {
  const session = await shipped('first-light');
  session.history.seek(7);
  const work = traceFile(session.history, 'csv', session.info());
  expect(work.next().value).toEqual({ done: 200, of: 397 });
  const end = work.next();
  expect(end.done && end.value.length).toBe(2);
  expect(session.history.world.steps).toBe(7);
});
