import { describe, expect, test } from 'vitest';
import type { Command } from '../engine/command';
import { CHARTS } from '../engine/machines';
import { readChart } from '../engine/machines/read-chart';
import { TOOLSTACK } from '../engine/step';
import { PT } from '../engine/testing';
import { SCENARIOS } from '../scenarios';
import { parseScenario, type Scenario } from '../scenarios/schema';
import { FOLLOW, type Act, type Offer, type Picture, type View } from './protocol';
import { Session } from './session';

/** One buffer of two pages, its tables in a row, and then plain writes. */
const FILE = {
  format: 1,
  title: 'Two pages',
  version: 'claim',
  guest: { memory: '16 MiB', tables: 'contiguous' },
  vcpus: [
    [
      { op: 'ppgtt_create' },
      { op: 'bind', gma: 0, size: '8 KiB', gpa: '0x90_0000' },
      ...Array.from({ length: 20 }, () => ({ op: 'write', gpa: '0x30_0000', value: '0x1' })),
    ],
  ],
};
const LOOK: View = { ...FOLLOW, gfn: PT, charts: true };

function opened(changes: object = {}): Session {
  const parsed = parseScenario({ ...FILE, ...changes });
  const session = new Session((parsed as { scenario: Scenario }).scenario);
  while (!session.run(1000));
  return session;
}
async function shipped(name: string): Promise<Session> {
  const parsed = parseScenario(await SCENARIOS.find((s) => s.name === name)!.load());
  const session = new Session((parsed as { scenario: Scenario }).scenario);
  while (!session.run(1000));
  return session;
}
/** Performs an act and keeps the run that comes of it. */
function perform(session: Session, step: number, act: Act): void {
  const begun = session.perform(step, act);
  if (typeof begun === 'string') return expect.fail(begun);
  while (!begun.advance(50));
  session.keep(begun);
}
function undo(session: Session): void {
  const begun = session.undo()!;
  while (!begun.advance(50));
  session.keep(begun);
}
const at = (session: Session, step: number, view = LOOK): Picture => session.picture(step, view);
const last = (session: Session): Picture => at(session, session.history.length);
const release: Command = { op: 'map_mem_type_to_ioreq_server', id: 1, type: 4, flags: 0 };
const create: Command = { op: 'create_ioreq_server' };
const claimFor2: Command = { op: 'map_mem_type_to_ioreq_server', id: 2, type: 4, flags: 2 };
const instance = ({ charts }: Picture, chart: string, id?: string) =>
  charts!.instances.find((i) => i.chart === chart && (id === undefined || i.id === id));
const offer = ({ charts }: Picture, line: string): Offer | undefined => charts!.offers.find((o) => o.line === line);

/** Everything that a session tells of its run. */
const told = (session: Session) => {
  const { kinds, writes, steps, complete } = session.info();
  const { hash, events, audit } = last(session);
  return { kinds, writes, steps, complete, hash, events, audit };
};

describe('a hypercall by hand', () => {
  test('is the next step, and all that follows is run anew', () => {
    const session = opened();
    const before = session.history.choices();
    const middle = before.length - 10;
    perform(session, middle, { command: release });
    expect([...session.history.choices(middle)]).toEqual([...before.slice(0, middle)]);
    expect(at(session, middle + 1).events.map(({ code }) => code)).toEqual(['call.release']);
    const codes = [];
    for (let n = middle + 1; n <= session.history.length; n++) codes.push(at(session, n).events[0]!.code);
    expect(codes.filter((code) => code === 'dm.mark' || code === 'dm.sweep')).toHaveLength(8);
    expect(instance(last(session), 'claim')).toMatchObject({ id: 'ioreq_server', state: 'unclaimed' });
    expect(last(session).servers).toMatchObject([{ name: 'XenGT', claim: 0, entries: 0 }]);
    expect(session.info()).toMatchObject({ complete: true, undoable: 1, steps: session.history.length });
  });

  test('is taken back as if it had never been; so are several, one after the other', () => {
    const session = opened();
    const states = [told(session)];
    const acts: Command[] = [create, release, { op: 'remove_from_physmap', gfn: 0x300 }];
    acts.forEach((command, n) => {
      perform(session, 90 + n, { command });
      states.push(told(session));
    });
    expect(new Set(states.map(({ hash }) => hash)).size).toBe(4);
    for (let n = acts.length; n >= 0; n--) {
      expect(session.info().undoable).toBe(n);
      expect(told(session)).toEqual(states[n]);
      if (n > 0) undo(session);
    }
    expect(session.undo()).toBe(null);
  });

  test('comes to the same when it is done again after it was taken back', () => {
    const session = opened();
    perform(session, 95, { command: release });
    const once = told(session);
    undo(session);
    perform(session, 95, { command: { ...release } });
    expect(told(session)).toEqual(once);
  });

  test('that Xen refuses shows its errno, and changes nothing else', () => {
    const session = opened();
    perform(session, 95, { command: create });
    perform(session, 96, { command: claimFor2 });
    const { events, charts } = at(session, 97);
    expect(events).toMatchObject([
      { code: 'call.claim', errno: 'EBUSY', params: { server: 2, xengt: 1, flags: 2, holder: 1 } },
    ]);
    const [arrow] = charts!.taken.filter(({ chart }) => chart === 'claim');
    expect(arrow).toMatchObject({ from: 'claimed.write', to: 'claimed.write', count: 1 });
    const graph = readChart(CHARTS.find(({ name }) => name === 'claim')!);
    expect(graph.arrows.find(({ id }) => id === arrow!.arrow)!.refused).toMatchObject({ errno: 'EBUSY' });
    expect(instance(last(session), 'claim')).toMatchObject({ state: 'claimed.write' });
  });

  test('on a frame is what the step is about, and what set its entry', () => {
    const session = opened();
    perform(session, 95, { command: { op: 'set_mem_type', first_pfn: 0x310, nr: 1, type: 1 } });
    const { focus, entry } = at(session, 96, { ...LOOK, gfn: null });
    expect([focus, entry.gfn]).toEqual([{ gfn: 0x310, index: null }, 0x310]);
    expect(entry.setBy).toEqual({ step: 96, actor: 'toolstack', function: 'set_mem_type' });
  });

  test('that cannot be done there is refused, and nothing is lost', () => {
    const session = opened();
    const before = told(session);
    const step = Array.from({ length: session.history.length }, (_, n) => n).find((n) =>
      at(session, n).events.some(({ code }) => code === 'fault.emulate'),
    )!;
    expect(session.perform(step, { command: create })).toBe('refused');
    expect(session.perform(step, { choice: TOOLSTACK })).toBe('refused');
    expect(session.perform(10_000, { command: create })).toBe('refused');
    expect(session.perform(-1, { command: create })).toBe('refused');
    expect(told(session)).toEqual(before);
  });

  test('given up on the way leaves the run as it was', () => {
    const session = opened();
    const before = told(session);
    const begun = session.perform(95, { command: release });
    if (typeof begun === 'string') return expect.fail(begun);
    expect([begun.advance(5), begun.mayEnd]).toEqual([false, false]);
    expect(told(session)).toEqual(before);
  });

  test('in a run that was over lets it go on', () => {
    const session = opened();
    const { length } = session.history;
    perform(session, length, { command: release });
    expect(session.history.length).toBe(length + 9);
    expect(session.info().complete).toBe(true);
  });
});

describe('an actor that acts', () => {
  test('takes its turn, and what was made of the rest is run anew', () => {
    const session = opened({ seed: 3, toolstack: [{ op: 'log_dirty', on: false }] });
    const choices = session.history.choices();
    const step = choices.findIndex(
      (_, n) =>
        n > 0 && at(session, n).charts!.offers.some(({ line }) => line === 'toolstack') && choices[n] !== TOOLSTACK,
    );
    perform(session, step, { choice: TOOLSTACK });
    expect([session.history.choice(step + 1), session.info().undoable]).toEqual([TOOLSTACK, 1]);
    undo(session);
    expect([...session.history.choices()]).toEqual([...choices]);
  });

  test('whose turn it is anyway changes nothing', () => {
    const session = opened();
    expect(session.perform(20, { choice: session.history.choice(21) })).toBe('same');
  });
});

describe('the charts of a picture', () => {
  test('are there when they are looked at', () => {
    expect(at(opened(), 50, { ...LOOK, charts: false }).charts).toBe(null);
  });

  test('say where each thing stands and stood: at the start the guest is paused, and nobody has claimed', () => {
    const start = at(opened(), 0);
    expect(start.charts!.taken).toEqual([]);
    const stands = start.charts!.instances.map(({ chart, id, state, before }) => [chart, id, state, before]);
    expect(stands).toEqual([
      ['page-type', `0x${PT.toString(16)}`, 'ram_rw', 'ram_rw'],
      ['claim', 'ioreq_server', 'unclaimed', 'unclaimed'],
      ['sweep', 'xengt', 'idle', 'idle'],
      ['sweep', 'toolstack', 'idle', 'idle'],
      ['vcpu', '0', 'paused', 'paused'],
      ['shadow-table', `0x${PT.toString(16)}`, 'untracked', 'untracked'],
    ]);
    expect(start.charts!.offers.map(({ line }) => line)).toContain('xengt');
  });

  test('tell the step at which a table is protected, by the arrows of page, claim and table', () => {
    const session = opened();
    let step = 1;
    while (
      !at(session, step).events.some(
        ({ code, params }) => code === 'dm.protect' && 'gfn' in params && params.gfn === PT,
      )
    )
      step++;
    const picture = at(session, step);
    expect(instance(picture, 'page-type')).toMatchObject({ before: 'ram_rw', state: 'ioreq_server' });
    expect(instance(picture, 'shadow-table')).toMatchObject({ before: 'untracked', state: 'tracked' });
    expect(instance(picture, 'slot')).toMatchObject({ id: '1/0', state: 'inprocess' });
    expect(instance(picture, 'vcpu')).toMatchObject({ state: 'blocked' });
    expect(picture.charts!.taken.map(({ chart, from, to, count }) => [chart, from, to, count])).toEqual([
      ['claim', 'claimed.write', 'claimed.write', 1],
      ['page-type', 'ram_rw', 'ioreq_server', 1],
      ['shadow-table', 'untracked', 'tracked', 1],
    ]);
  });

  test('name only arrows and states that the charts have', () => {
    const session = opened();
    perform(session, 95, { command: release });
    const graphs = new Map(CHARTS.map((chart) => [chart.name, readChart(chart)]));
    for (let n = 0; n <= session.history.length; n += 3) {
      const { instances, taken, offers } = at(session, n).charts!;
      for (const { chart, state, before } of instances)
        expect(CHARTS.find(({ name }) => name === chart)?.states).toEqual(expect.arrayContaining([state, before]));
      for (const { chart, arrow } of [...taken, ...offers.flatMap(({ arrows }) => arrows)])
        expect(graphs.get(chart)?.arrows.map(({ id }) => id)).toContain(arrow);
    }
  });

  test('a sweep that settles four pages takes the arrow four times; one that looks and changes nothing takes none', async () => {
    const settles = async (name: string) => {
      const session = await shipped(name);
      const counts = [];
      for (let n = 1; n <= session.history.length; n++) {
        const { events, charts } = at(session, n);
        if (events[0]?.code !== 'dm.sweep') continue;
        const pages = charts!.taken.filter(({ chart }) => chart === 'page-type');
        counts.push([events[0].params.settled, pages.reduce((sum, { count }) => sum + count, 0)]);
      }
      return counts;
    };
    const swept = await settles('sweep');
    expect(swept.length).toBeGreaterThan(0);
    expect(swept.filter(([settled, taken]) => settled !== taken)).toEqual([]);
    expect(swept.some(([settled]) => settled! > 0)).toBe(true);
    const nothing = await settles('sweep-nothing');
    expect(nothing.length).toBeGreaterThan(0);
    expect(new Set(nothing.flat())).toEqual(new Set([0]));
  });

  test('looking at what could be done does nothing', () => {
    const session = opened();
    const plain = opened();
    for (const n of [0, 40, 95, session.history.length, 60]) {
      at(session, n);
      expect({ ...at(session, n), charts: null, map: null }).toEqual({
        ...at(plain, n, { ...LOOK, charts: false }),
        map: null,
      });
    }
  });
});

describe('what could be done', () => {
  test('is offered with the errno that it would get, and the arrow on which it would bounce', () => {
    const session = opened();
    perform(session, 95, { command: create });
    const picture = at(session, 96);
    const errnos = Object.fromEntries(picture.charts!.offers.map(({ line, errno }) => [line, errno]));
    const gfn = `0x${PT.toString(16)}`;
    expect(errnos).toMatchObject({
      vcpu0: null,
      create_ioreq_server: null,
      'map_mem_type_to_ioreq_server id=1 type=HVMMEM_ioreq_server flags=2': 'EBUSY',
      'map_mem_type_to_ioreq_server id=1 type=HVMMEM_ioreq_server flags=0': null,
      'map_mem_type_to_ioreq_server id=2 type=HVMMEM_ioreq_server flags=2': 'EBUSY',
      'map_mem_type_to_ioreq_server id=2 type=HVMMEM_ioreq_server flags=0': 'EINVAL',
      'set_ioreq_server_state id=2 enabled=1': null,
      'destroy_ioreq_server id=1': null,
      [`set_mem_type first_pfn=${gfn} nr=1 type=HVMMEM_ram_rw`]: null,
      [`set_mem_type first_pfn=${gfn} nr=1 type=HVMMEM_ram_ro`]: 'EINVAL',
      [`set_mem_type first_pfn=${gfn} nr=1 type=HVMMEM_ioreq_server`]: 'EINVAL',
      'log_dirty on': 'EBUSY',
      'log_dirty off': null,
      [`remove_from_physmap gfn=${gfn}`]: null,
      [`mem_paging nominate gfn=${gfn}`]: 'EBUSY',
      [`mem_sharing share gfn=${gfn}`]: 'EINVAL',
    });
    expect(Object.keys(errnos).filter((line) => line.length > 70)).toEqual([]);
    const claim = offer(picture, 'map_mem_type_to_ioreq_server id=2 type=HVMMEM_ioreq_server flags=2')!;
    expect(claim.arrows.map(({ chart }) => chart)).toContain('claim');
    expect(offer(picture, 'destroy_ioreq_server id=1')!.arrows.map(({ chart }) => chart)).toEqual(
      expect.arrayContaining(['server', 'claim', 'shadow-table']),
    );
  });

  test('is what performing it comes to, each and every offer', () => {
    const session = opened();
    perform(session, 95, { command: create });
    const { offers } = at(session, 96).charts!;
    expect(offers.length).toBeGreaterThan(20);
    for (const { act, line, errno } of offers) {
      const begun = session.perform(96, act);
      if (begun === 'same' || begun === 'done') continue;
      if (begun === 'refused') return expect.fail(line);
      while (!begun.mayEnd) begun.advance(1);
      session.keep(begun);
      const refused = at(session, 97).events.findLast((event) => event.errno);
      expect([line, refused?.errno ?? null]).toEqual([line, errno]);
      undo(session);
    }
    expect(session.info().undoable).toBe(1);
  });

  test('with numbered types is each type and each access; under the lock nothing that needs it', () => {
    const numbered = opened({ numbered: { types: 2, claim: 'both' } });
    const lines = last(numbered).charts!.offers.map(({ line }) => line);
    const claims = [0, 1].flatMap((type) =>
      [1, 2, 3, 0].map((flags) => `id=1 type=HVMMEM_ioreq_server${type} flags=${flags}`),
    );
    expect(lines.filter((line) => line.startsWith('map_mem'))).toEqual(
      claims.map((claim) => `map_mem_type_to_ioreq_server ${claim}`),
    );
    const session = opened();
    const locked = Array.from({ length: session.history.length }, (_, n) => n).find((n) =>
      at(session, n).events.some(({ code }) => code === 'fault.emulate'),
    )!;
    expect(at(session, locked).charts!.offers.map(({ line }) => line)).toEqual([
      'vcpu0',
      'map_mem_type_to_ioreq_server id=1 type=HVMMEM_ioreq_server flags=2',
      'map_mem_type_to_ioreq_server id=1 type=HVMMEM_ioreq_server flags=0',
    ]);
  });
});

test('the step that has a checkpoint is drawn with its own events', () => {
  const session = opened({
    vcpus: [Array.from({ length: 600 }, () => ({ op: 'write', gpa: '0x30_0000', value: '0x1' }))],
  });
  for (const n of [499, 500, 501]) expect(at(session, n).events.map(({ step }) => step)).toEqual([n]);
});
