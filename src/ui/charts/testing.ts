/** For tests: as much of a session as the screen of charts reads, made of the real charts; XenGT holds the claim. */
import { CHARTS } from '../../engine/machines';
import { arrowOf } from '../../engine/machines/read-chart';
import { p2mTypeNames } from '../../engine/p2m-type';
import { patchesOf, VERSIONS, type Version } from '../../engine/patches';
import type { Session } from '../../state/session.svelte';
import type { ArrowTaken, ChartInstance, ChartsPicture, Offer } from '../../worker/protocol';

export const MANY = [964_898, 0, 0, 515, 77_312, 0, 0, 768, 0, 0, 0, 0, 3990, 0, 0, 1093];

/** The arrow that an event takes from a leaf, as the worker names it. */
export function arrowId(
  version: Version,
  chart: string,
  from: string,
  event: string,
  facts: readonly string[] = [],
): string {
  const found = CHARTS.find(({ name }) => name === chart)!;
  return arrowOf(found, VERSIONS[version], from, event, facts)!.id;
}

export interface Given {
  readonly version?: Version;
  readonly census?: readonly number[];
  readonly step?: number;
  readonly charts?: Partial<ChartsPicture> | null;
  readonly more?: object;
}

export const instance = (chart: string, id: string, state: string, before = state): ChartInstance => ({
  chart,
  id,
  state,
  before,
});

export const INSTANCES: readonly ChartInstance[] = [
  instance('page-type', '0x1a4c3', 'ioreq_server'),
  instance('claim', 'ioreq_server', 'claimed.write'),
  instance('server', '1', 'enabled'),
  instance('server', '2', 'enabled'),
  instance('slot', '1/0', 'ready'),
  instance('slot', '1/1', 'none'),
  instance('ring', '2', 'empty'),
  instance('vcpu', '0', 'blocked'),
  instance('vcpu', '1', 'running'),
  instance('sweep', 'ioreq_server', 'idle'),
];

/** `taken` by an arrow that a chart has. */
export function taken(
  version: Version,
  chart: string,
  from: string,
  event: string,
  facts: readonly string[] = [],
): ArrowTaken {
  const found = CHARTS.find(({ name }) => name === chart)!;
  const arrow = arrowOf(found, VERSIONS[version], from, event, facts)!;
  return { chart, arrow: arrow.id, from, to: arrow.to ?? from, count: 1 };
}

export function offersFor(version: Version): Offer[] {
  const at = (chart: string, from: string, event: string, facts: readonly string[] = []) => ({
    chart,
    arrow: arrowId(version, chart, from, event, facts),
  });
  return [
    {
      act: { command: { op: 'map_mem_type_to_ioreq_server', id: 1, type: 5, flags: 0 } },
      line: 'map_mem_type_to_ioreq_server id=1 flags=0',
      arrows: [
        at('claim', 'claimed.write', 'release', ['holder', 'outstanding']),
        at('sweep', 'idle', 'release', ['outstanding']),
      ],
      errno: null,
    },
    {
      act: { command: { op: 'set_mem_type', first_pfn: 0x1a500, nr: 1, type: 5 } },
      line: 'set_mem_type first_pfn=0x1a500 nr=1 type=ioreq_server',
      arrows: [at('page-type', 'ram_rw', 'set_mem_type.ioreq_server'), at('claim', 'claimed.write', 'set_mem_type')],
      errno: null,
    },
    {
      act: { command: { op: 'set_mem_type', first_pfn: 0x1a4c2, nr: 1, type: 0 } },
      line: 'set_mem_type first_pfn=0x1a4c2 nr=1 type=ram_rw',
      arrows: [at('page-type', 'ioreq_server', 'set_mem_type.ram_rw')],
      errno: null,
    },
    {
      act: { command: { op: 'set_mem_type', first_pfn: 0x1a4c3, nr: 1, type: 0 } },
      line: 'set_mem_type first_pfn=0x1a4c3 nr=1 type=ram_rw',
      arrows: [at('page-type', 'ioreq_server', 'set_mem_type.ram_rw')],
      errno: null,
    },
    {
      act: { command: { op: 'destroy_ioreq_server', id: 1 } },
      line: 'destroy_ioreq_server id=1',
      arrows: [at('server', 'enabled', 'destroy'), at('claim', 'claimed.write', 'destroy', ['outstanding'])],
      errno: null,
    },
    { act: { choice: 0 }, line: 'vcpu0', arrows: [at('vcpu', 'blocked', 'resume')], errno: null },
    {
      act: { command: { op: 'map_mem_type_to_ioreq_server', id: 2, type: 5, flags: 2 } },
      line: 'map_mem_type_to_ioreq_server id=2 flags=2',
      arrows: [at('claim', 'claimed.write', 'claim.write')],
      errno: 'EBUSY',
    },
    {
      act: { command: { op: 'set_mem_type', first_pfn: 0x2f000, nr: 1, type: 5 } },
      line: 'set_mem_type first_pfn=0x2f000 nr=1 type=ioreq_server',
      arrows: [at('page-type', 'ram_ro', 'set_mem_type.ioreq_server')],
      errno: 'EINVAL',
    },
    {
      act: { command: { op: 'log_dirty', on: true } },
      line: 'log_dirty on',
      arrows: [at('claim', 'claimed.write', 'log_dirty', ['outstanding'])],
      errno: 'EBUSY',
    },
  ];
}

export function sessionOf({
  version = 'claim',
  census = MANY,
  step = 2040,
  charts = {},
  more = {},
}: Given = {}): Session {
  const xen = VERSIONS[version];
  return {
    info: { patches: patchesOf(xen), numbered: 0, typeNames: p2mTypeNames(xen) },
    picture: {
      step,
      map: { census },
      servers: [{ id: 1, name: 'XenGT', claim: 2 }],
      charts: charts === null ? null : { instances: INSTANCES, taken: [], offers: offersFor(version), ...charts },
    },
    modes: ['run.ready.idle', 'stage.desk'],
    view: { charts: true },
    opened: 1,
    step,
    playing: false,
    pace: { speed: 4 },
    changes: { next: null },
    predict: false,
    pinned: null,
    is: () => false,
    due: () => false,
    skip: () => undefined,
    unpin: () => undefined,
    look: () => Promise.resolve(true),
    perform: () => Promise.resolve(true),
    ...more,
  } as unknown as Session;
}
