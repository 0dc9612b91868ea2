import { describe, expect, test } from 'vitest';
import { MIB, type Op } from '../engine/config';
import { VERSIONS } from '../engine/patches';
import { bind, bound, configOf, go, PD, PDP, PML4, PT } from '../engine/testing';
import { World } from '../engine/world';
import { SCENARIOS } from '../scenarios';
import { parseScenario, type Scenario } from '../scenarios/schema';
import { gttPicture as draw, type GttAsk } from './gtt-picture';
import { FOLLOW, type GttPicture, type View } from './protocol';
import { Session } from './session';

const gttPicture = (w: World, ask: Partial<GttAsk> = {}): GttPicture =>
  draw(w, { focus: null, selected: null, gma: null, busy: false, ...ask });
const focus = (gfn: number, index: number | null) => ({ focus: { gfn, index } });

async function shipped(name: string): Promise<(step: number, view?: Partial<View>) => GttPicture> {
  const parsed = parseScenario(await SCENARIOS.find((s) => s.name === name)!.load());
  const session = new Session((parsed as { scenario: Scenario }).scenario);
  while (!session.run(1000));
  return (step, view = {}) => session.picture(step, { ...FOLLOW, ...view }).gtt;
}
const brief = ({ differences }: GttPicture) =>
  differences.map(({ table, index, gfn, mfn, shadow, state, why, wrong }) => [
    table,
    index,
    gfn,
    mfn,
    shadow,
    state,
    why,
    wrong,
  ]);

describe('the tables of a PPGTT', () => {
  test('are drawn from the root down, each with its place in its parent and what it holds', () => {
    const w = bound(VERSIONS.claim, []);
    const { tables, counts, path, gma } = gttPicture(w, focus(PT, 0));
    expect(counts).toEqual([1, 1, 1, 1]);
    expect(tables.map(({ level, gfn, parent, slot, present }) => [level, gfn, parent, slot, present])).toEqual([
      [3, PML4, -1, 0, 1],
      [2, PDP, 0, 0, 1],
      [1, PD, 1, 0, 1],
      [0, PT, 2, 0, 1],
    ]);
    expect(tables.map(({ shadow }) => shadow)).toEqual([1, 2, 3, 4].map((n) => w.xengt.tables.mfn(n)));
    expect(tables.map(({ linked, shadowPresent, differing }) => [linked, shadowPresent, differing])).toEqual(
      Array(4).fill([true, 1, 0]),
    );
    expect(tables.map(({ guestFill, shadowFill }) => [guestFill[0], shadowFill[0]])).toEqual(Array(4).fill([1, 1]));
    expect([gma, path]).toEqual([0, [0, 1, 2, 3].map((table) => ({ table, slot: 0 }))]);
  });

  test('a walk of an address ends where an entry is not present', () => {
    const w = bound(VERSIONS.claim, []);
    const { path, table, slot, rows } = gttPicture(w, { gma: 5 * 2 ** 21 + 4096 });
    expect(path).toEqual([
      { table: 0, slot: 0 },
      { table: 1, slot: 0 },
      { table: 2, slot: 5 },
    ]);
    expect([table, slot, rows.length, rows[0]!.index, rows[32]!.index]).toEqual([2, 5, 33, 0, 32]);
    expect(rows.slice(1).map(({ state }) => state)).toEqual(Array(32).fill('empty'));
    const past = gttPicture(w, { gma: 2 ** 48 - 4096 });
    expect([past.path, past.rows[0]!.index, past.rows[32]!.index]).toEqual([[{ table: 0, slot: 511 }], 479, 511]);
  });

  test('at most 64 a level are kept, among them always those on the path and the one selected', () => {
    const program: Op[] = [
      { op: 'ppgtt_create' },
      ...Array.from({ length: 80 }, (_, i) => bind(i * 2 ** 21, 1, 0x900)),
    ];
    const w = new World(configOf('claim', [program], { memory: 64 * MIB }));
    go(w, 'guest.done');
    const { tables, counts, path } = gttPicture(w, { gma: 79 * 2 ** 21 });
    expect(counts).toEqual([80, 1, 1, 1]);
    const leaves = tables.filter(({ level }) => level === 0);
    expect(leaves.map(({ slot }) => slot)).toEqual([...Array.from({ length: 63 }, (_, i) => i), 79]);
    expect(path.map(({ table }) => tables[table]!.level)).toEqual([3, 2, 1, 0]);
    expect(tables[path[3]!.table]).toMatchObject({ slot: 79, gma: 79 * 2 ** 21, parent: 2 });
    expect(gttPicture(w)).toMatchObject({ table: -1, slot: -1, path: [], rows: [], walk: null, selected: -1 });

    const away = gttPicture(w, { gma: 79 * 2 ** 21, selected: leaves[3]!.gfn });
    expect(away.tables.filter(({ level }) => level === 0).map(({ slot }) => slot)).toEqual([
      ...Array.from({ length: 63 }, (_, i) => i),
      79,
    ]);
    expect([away.tables[away.selected]!.slot, away.table === away.selected, away.path.length]).toEqual([3, true, 4]);
    const far = away.tables.length - 1;
    expect(gttPicture(w, { selected: away.tables[far]!.gfn })).toMatchObject({ gma: 79 * 2 ** 21, slot: 0 });
  });

  test('a guest whose root points to itself 512 times is drawn as far as 4096 tables go', () => {
    const w = bound(VERSIONS.claim, []);
    for (let slot = 0; slot < 512; slot++) w.memory.write(w.mapped(PML4)!, slot * 8, 8, PML4 * 4096 + 3, 0);
    const { counts, tables } = gttPicture(w, { gma: 0 });
    expect([counts, tables.length]).toEqual([[0, 4096 - 513, 512, 1], 64 + 64 + 1]);
  });
});

describe('the table in focus', () => {
  const two = () => bound(VERSIONS.claim, []);

  test('is the one selected, at the entry that the step is about, else at the first that tells something', () => {
    const w = two();
    const at = (ask: Partial<GttAsk>) => {
      const { tables, table, slot, selected } = gttPicture(w, ask);
      return [tables[table]?.gfn, slot, selected];
    };
    w.memory.write(w.mapped(PD)!, 7 * 8, 8, 0, 0);
    expect(at({ ...focus(PT, 3) })).toEqual([PT, 3, -1]);
    expect(at({ ...focus(PT, 3), selected: PD })).toEqual([PD, 0, 2]);
    expect(at({ ...focus(PT, 3), selected: PT })).toEqual([PT, 3, 3]);
    expect(at({ ...focus(PT, 3), selected: 0x300 })).toEqual([PT, 3, -1]);
    w.memory.write(w.mapped(PT)!, 9 * 8, 8, 0x901083, 0);
    expect(at({ selected: PT })).toEqual([PT, 9, 3]);
  });

  test('keeps the entry of the walk that was asked for, and the walk goes on below it', () => {
    const { tables, table, slot, path } = gttPicture(two(), { gma: 0, selected: PDP });
    expect([tables[table]!.gfn, slot, path.length]).toEqual([PDP, 0, 4]);
  });
});

describe('an entry that differs from its shadow', () => {
  test('is in flight as long as XenGT has the job before it, and no longer', () => {
    const w = bound(VERSIONS.claim, [{ op: 'write', gpa: PT * 4096 + 8, size: 8, low: 0x901083, high: 0 }]);
    go(w, 'dm.write');
    const entry = { index: 1, gfn: 0x901, mfn: 0x1000901, shadow: null, why: 'missing', wrong: false };
    expect(gttPicture(w, { ...focus(PT, 1), busy: true }).differences).toMatchObject([
      { ...entry, table: PT, at: 3, gma: 4096, level: 0, state: 'inFlight' },
    ]);
    go(w, 'dm.shadowEntry');
    expect(gttPicture(w, { ...focus(PT, 1), busy: true }).differing).toBe(0);
  });

  test('and that nobody will make follow is stale, and wrong once nothing is in flight', () => {
    const w = bound(VERSIONS.claim, []);
    w.memory.write(w.mapped(PT)!, 8, 8, 0x901083, 0);
    const state = (busy: boolean) =>
      gttPicture(w, { ...focus(PT, 1), busy })
        .rows.map((row) => [row.state, row.wrong])
        .slice(0, 3);
    const same = ['same', false];
    const empty = ['empty', false];
    expect([state(false), state(true)]).toEqual([
      [same, ['stale', true], empty],
      [same, ['stale', false], empty],
    ]);
  });

  test('says how: no more in the guest, another frame, other flags, no frame to be had, no table followed', () => {
    const w = bound(VERSIONS.claim, []);
    const [pt, pd] = [w.mapped(PT)!, w.mapped(PD)!];
    const shadow = w.xengt.tables.mfn(w.xengt.tables.of(PT));
    w.memory.write(pt, 0, 8, 0x902083, 0);
    w.memory.write(shadow, 8, 8, 0x901083, 0x10);
    w.memory.write(pt, 16, 8, 0x903083, 0);
    w.memory.write(shadow, 16, 8, 0x903081, 0x10);
    w.memory.write(pt, 24, 8, 0xff_f083, 0x10);
    w.memory.write(pd, 8, 8, 0x305003, 0);
    const found = gttPicture(w);
    expect(found.differences.map(({ index, level, why, state, wrong }) => [level, index, why, state, wrong])).toEqual([
      [0, 0, 'other', 'stale', true],
      [0, 1, 'left', 'stale', true],
      [0, 2, 'flags', 'stale', false],
      [0, 3, 'noFrame', 'untranslated', false],
      [1, 1, 'notFollowed', 'untranslated', true],
    ]);
    expect([found.differing, found.wrong]).toEqual([5, 3]);
    expect(found.tables.map(({ gfn, differing, wrong, linked }) => [gfn, differing, wrong, linked])).toEqual([
      [PML4, 0, 0, true],
      [PDP, 0, 0, true],
      [PD, 1, 1, true],
      [PT, 4, 2, true],
      [0x305, 0, 0, false],
    ]);
    expect(gttPicture(w, { selected: 0x305 }).followed).toBe(true);
  });

  test('of many is one of 256 in the list, those that are wrong first, and all are counted', () => {
    const w = bound(VERSIONS.claim, []);
    const pt = w.mapped(PT)!;
    for (let i = 0; i < 300; i++)
      w.memory.write(pt, i * 8, 8, (i < 280 ? 0xfff083 : 0x901083) >>> 0, i < 280 ? 0x10 : 0);
    const { differences, differing, wrong, rows } = gttPicture(w, { selected: PT });
    expect([differences.length, differing, wrong, rows.length]).toEqual([256, 300, 21, 33]);
    expect(differences.filter((row) => row.wrong).length).toBe(21);
    expect(differences.map(({ index }) => index)).toEqual(
      [...differences.map(({ index }) => index)].sort((a, b) => a - b),
    );
  });

  test('of a PPGTT that XenGT has let go of is not followed, which is not stale', () => {
    const w = bound(VERSIONS.claim, []);
    const states = () =>
      gttPicture(w, focus(PT, 0))
        .rows.slice(0, 2)
        .map(({ state }) => state);
    expect(states()).toEqual(['same', 'empty']);
    w.xengt.kill();
    expect(states()).toEqual(['unfollowed', 'empty']);
    expect(gttPicture(w, { gma: 0 })).toMatchObject({ known: false, followed: false, differing: 0 });
    expect(gttPicture(w, { gma: 0 }).walk).toMatchObject({ part: { why: 'noShadow', wrong: false }, mfn: null });
  });
});

describe('in the scenarios that come with the program', () => {
  test('first light: both walks of 0x4743d000 come to the same machine frame at step 132, and part a step before', async () => {
    const at = await shipped('first-light');
    const { walk } = at(132, { gma: 0x4743_d000 });
    expect(walk).toEqual({
      gma: 0x4743_d000,
      steps: [
        {
          level: 3,
          index: 0,
          guest: { table: 0x5a011, low: 0x5a4a_e003, high: 0, frame: 0x5a4ae },
          shadow: { table: 0x800001, low: 0x2003, high: 8, frame: 0x800002 },
        },
        {
          level: 2,
          index: 1,
          guest: { table: 0x5a4ae, low: 0x5a94_b003, high: 0, frame: 0x5a94b },
          shadow: { table: 0x800002, low: 0x3003, high: 8, frame: 0x800003 },
        },
        {
          level: 1,
          index: 58,
          guest: { table: 0x5a94b, low: 0x5ade_8003, high: 0, frame: 0x5ade8 },
          shadow: { table: 0x800003, low: 0x4003, high: 8, frame: 0x800004 },
        },
        {
          level: 0,
          index: 61,
          guest: { table: 0x5ade8, low: 0x7800_0083, high: 0, frame: 0x78000 },
          shadow: { table: 0x800004, low: 0xf800_0083, high: 0x10, frame: 0x10f8000 },
        },
      ],
      gfn: 0x78000,
      p2m: 0x10f8000,
      mfn: 0x10f8000,
      part: null,
    });
    const before = at(131, { gma: 0x4743_d000 });
    expect(before.walk).toMatchObject({
      gfn: 0x78000,
      p2m: 0x10f8000,
      mfn: null,
      part: { level: 0, why: 'missing', state: 'inFlight', wrong: false },
    });
    expect(brief(before)).toEqual([[0x5ade8, 61, 0x78000, 0x10f8000, null, 'inFlight', 'missing', false]]);
    expect(before.walk!.steps[3]).toMatchObject({ shadow: { table: 0x800004, low: 0, high: 0, frame: null } });
  });

  test('out of sync: four entries are out of step before the submission, none wrong, and none after it', async () => {
    const at = await shipped('out-of-sync');
    const out = (index: number, gfn: number, shadow: number | null) => [
      0x603,
      index,
      gfn,
      0x1000000 + gfn,
      shadow,
      'outOfStep',
      shadow === null ? 'missing' : 'other',
      false,
    ];
    const before = at(89);
    expect(brief(before)).toEqual([
      out(0, 0x900, 0x1000800),
      out(1, 0x901, 0x1000801),
      out(2, 0x902, null),
      out(3, 0x903, null),
    ]);
    expect([before.wrong, before.tables.map(({ outOfStep }) => outOfStep)]).toEqual([0, [false, false, false, true]]);
    expect(at(96).differing).toBe(0);
  });

  test('behind the back: what Xen wrote for the guest is stale, the hypercall at step 74 and the string at step 77', async () => {
    const at = await shipped('behind-the-back');
    const stale = (index: number, gfn: number, wrong = true) => [
      0x603,
      index,
      gfn,
      0x1000000 + gfn,
      null,
      'stale',
      'missing',
      wrong,
    ];
    expect(brief(at(74))).toEqual([stale(1, 0x900)]);
    expect(brief(at(75))).toEqual([stale(1, 0x900, false)]);
    expect(brief(at(77))).toEqual([stale(1, 0x900), stale(2, 0x901), stale(3, 0x901), stale(4, 0x901)]);
  });

  test('the wall: past 256 ranges 48 tables are not followed, and the entry that leads to each is untranslated', async () => {
    const at = await shipped('range-wall');
    const { differences, differing, wrong, counts, tables } = at(5876);
    expect([differing, wrong, counts]).toEqual([48, 48, [300, 1, 1, 1]]);
    const lost = tables.filter(({ level, shadow }) => level === 0 && shadow === null);
    expect([lost.length, lost.some(({ linked }) => linked)]).toEqual([32, false]);
    expect(differences[0]).toMatchObject({ level: 1, state: 'untranslated', why: 'notFollowed', gfn: lost[0]!.gfn });
    expect(differences[0]!.index).toBe(lost[0]!.slot);
  });

  test('a PPGTT that XenGT was told of and cannot follow at all is wrong to the first entry', async () => {
    const at = await shipped('sweep-nothing');
    expect(at(133, { gma: 0 })).toMatchObject({ known: true, followed: false, differing: 0 });
    expect(at(133, { gma: 0 }).walk!.part).toEqual({ level: 3, why: 'noShadow', state: 'unfollowed', wrong: true });
  });

  test.each(['behind-the-back', 'out-of-sync', 'page-track', 'sweep-nothing', 'first-light'])(
    '%s: something is wrong at just the steps at which the audit finds the shadow broken',
    async (name) => {
      const parsed = parseScenario(await SCENARIOS.find((s) => s.name === name)!.load());
      const session = new Session((parsed as { scenario: Scenario }).scenario);
      while (!session.run(1000));
      const differ: number[] = [];
      for (let step = 0; step <= session.history.length; step++) {
        const { gtt, audit } = session.picture(step, { ...FOLLOW, gma: 0 });
        const broken = audit.find(({ rule }) => rule === 'shadow.equals')!.state === 'broken';
        if (broken !== (gtt.wrong > 0 || (!gtt.followed && gtt.walk?.part?.wrong === true))) differ.push(step);
      }
      expect(differ).toEqual([]);
    },
  );
});
