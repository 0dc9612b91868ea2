/**
 * What it costs that charts decide: the same transitions asked of XState and of the table made from it; and the census, by
 * which the page chart counts its states, beside one pass over the bytes of the entries that it counts.
 */
import { transition } from 'xstate';
import { Census } from '../../engine/census';
import { PAGE_SIZE } from '../../engine/config';
import { CHARTS } from '../../engine/machines';
import { Law } from '../../engine/machines/law';
import { PAGE_TYPE } from '../../engine/machines/page-type';
import { P2M, type P2mType } from '../../engine/p2m-type';
import { VERSIONS } from '../../engine/patches';
import { World } from '../../engine/world';
import { count } from '../../words/format';
import { configOf } from './guest';
import { median, medians, ms, perSecond, row } from './measure';

const FRAMES = 4_194_304;

function decisions(): void {
  const xen = VERSIONS.claim;
  const law = Law.of(PAGE_TYPE, xen).fill();
  const { machine, states, on, at } = PAGE_TYPE;
  const start = machine.resolveState({ value: 'ram_rw', context: { xen } });
  const many = 2_000_000;
  const few = 20_000;
  let sum = 0;
  const [byTable, byChart] = medians([
    () => {
      for (let i = 0; i < many; i++) sum += law.decide(at.ram_rw, on['set_mem_type.ioreq_server'], i & 1).to;
    },
    () => {
      for (let i = 0; i < few; i++) {
        const facts = i & 1 ? ['numbered'] : [];
        sum += transition(machine, start, { type: 'set_mem_type.ioreq_server', facts })[1].length;
      }
    },
  ]) as [number, number];
  if (sum === 0) throw new Error('nothing was decided');
  const faster = many / byTable / (few / byChart);
  row('transitions through the table', perSecond(many, byTable));
  row('the same through the chart', perSecond(few, byChart), `the table: x${faster.toFixed(0)}`);
  row('page chart made a table, one patch set', `${count(law.answers)} answers`, `${states.length} states`);
  row('charts', String(CHARTS.length), `${count(CHARTS.reduce((n, chart) => n + chart.states.length, 0))} states`);
}

function census(): void {
  const { store, p2m } = new World(configOf(FRAMES * PAGE_SIZE, []));
  const cells = Math.ceil(FRAMES / 512);
  const copied = new Uint32Array(Math.max(cells, p2m.census.cells) * 10);
  let sum = 0;
  const [pass, copy, totals] = medians([
    () => {
      for (let page = 0; page < p2m.pool.inUse; page++) {
        for (const word of store.tables.page(page)) sum = (sum + word) | 0;
      }
    },
    () => p2m.census.copy(copied),
    () => {
      for (let type = 0; type < 19; type++) sum += p2m.census.total(type);
    },
  ]) as [number, number, number];
  row('one pass over the bytes of 4 194 304 entries', ms(pass));
  row('the census of them, cell by cell', ms(copy), `x${(copy / pass).toFixed(3)} of the pass`);
  row('its totals, by type', ms(totals));
  const alone = new Census(store, p2m.census.base, FRAMES);
  const changes = 100_000;
  const changed = median(() => {
    for (let i = 0; i < changes; i++) {
      const types: [P2mType, P2mType] = i & 1 ? [P2M.ram_ro, P2M.ram_rw] : [P2M.ram_rw, P2M.ram_ro];
      alone.change((i >> 1) + 0x1000, ...types);
    }
  });
  row('one entry changed, counted as it changes', perSecond(changes, changed));
  if (sum === 0.5) throw new Error('nothing was read');
}

export function machines(): void {
  decisions();
  census();
}
