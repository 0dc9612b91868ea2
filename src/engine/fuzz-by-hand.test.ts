/**
 * Hypercalls and instructions by the user's hand at any step of any run, in any version and design: nothing is thrown, a replay comes to the
 * same state, what is done can be taken back, and the counts of pages stay right.
 */
import { fc, test } from '@fast-check/vitest';
import { expect } from 'vitest';
import { audit } from './audit';
import { PAGING, SHARING, type Call, type Command } from './command';
import type { Config, ToolOp } from './config';
import { DESIGN_NAMES } from './designs';
import type { RangeKind } from './ioreq-table';
import { isOver } from './liveness';
import { P2M } from './p2m-type';
import { PRESETS, VERSIONS } from './patches';
import { schedule } from './prng';
import { apply, COMMAND, enabled, isEnabled, step, type Choice } from './step';
import { guest, PT } from './testing';
import { World } from './world';

const MOST = 1500;
const id = fc.integer({ min: 0, max: 4 });
/** Tables of the guest's, plain memory, a hole, and ends of the map. */
const gfn = fc.constantFrom(PT - 3, PT - 2, PT - 1, PT, 0x300, 0x301, 0x900, 0xa0, 0xc0, 0, 4095);
const command: fc.Arbitrary<Command> = fc.oneof(
  fc.constant<Command>({ op: 'create_ioreq_server' }),
  id.map((server): Command => ({ op: 'destroy_ioreq_server', id: server })),
  fc
    .tuple(id, fc.boolean())
    .map(([server, enabled]): Command => ({ op: 'set_ioreq_server_state', id: server, enabled })),
  fc
    .tuple(id, fc.integer({ min: 3, max: 6 }), fc.constantFrom(0, 0, 2, 2, 1, 3, 4))
    .map(([server, type, flags]): Command => ({ op: 'map_mem_type_to_ioreq_server', id: server, type, flags })),
  fc
    .tuple(gfn, fc.constantFrom(1, 1, 3), fc.integer({ min: 0, max: 6 }))
    .map(([first_pfn, nr, type]): Command => ({ op: 'set_mem_type', first_pfn, nr, type })),
  fc
    .record({
      op: fc.constantFrom('map_io_range_to_ioreq_server', 'unmap_io_range_from_ioreq_server'),
      id,
      type: fc.constantFrom<RangeKind>('memory', 'memory', 'port', 'wp_mem', 'write', 'read'),
      at: gfn,
      frames: fc.constantFrom(1, 1, 2, 600),
    })
    .map(({ op, id: server, type, at, frames }): Command => {
      const unit = type === 'wp_mem' ? 1 : 4096;
      return { op, id: server, type, start: at * unit, end: (at + frames) * unit - 1 };
    }),
  fc.boolean().map((on): Command => ({ op: 'log_dirty', on })),
  gfn.map((at): Command => ({ op: 'add_to_physmap', gfn: at })),
  gfn.map((at): Command => ({ op: 'remove_from_physmap', gfn: at })),
  fc.tuple(gfn, fc.constantFrom(...PAGING)).map(([at, what]): Command => ({ op: 'mem_paging', gfn: at, what })),
  fc.tuple(gfn, fc.constantFrom(...SHARING)).map(([at, what]): Command => ({ op: 'mem_sharing', gfn: at, what })),
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.nat({ max: 1 }), gfn, fc.constantFrom('write', 'read', 'exec', 'hypercall'))
      .map(([vcpu, at, op]): Command => {
        const gpa = at * 4096;
        if (op === 'exec') return { op: 'access', vcpu, access: { op, gpa } };
        if (op === 'read') return { op: 'access', vcpu, access: { op, gpa, size: 8 } };
        return { op: 'access', vcpu, access: { op, gpa, size: 8, low: at, high: 0 } };
      }),
  },
);

const toolOp = fc.oneof(
  fc.constantFrom<ToolOp>({ op: 'detach' }, { op: 'attach' }, { op: 'kill' }),
  fc.boolean().map((on): ToolOp => ({ op: 'log_dirty', on })),
  gfn.map((at): ToolOp => ({ op: 'balloon', gfn: at, frames: 1 })),
  command.filter(({ op }) => op !== 'access').map((made): ToolOp => ({ op: 'call', command: made as Call })),
);

const config: fc.Arbitrary<Config> = fc
  .record({
    of: guest,
    version: fc.constantFrom(...PRESETS.map(({ name }) => name)),
    design: fc.oneof({ weight: 3, arbitrary: fc.constant('xen' as const) }, fc.constantFrom(...DESIGN_NAMES)),
    numbered: fc.constantFrom<0 | 2>(0, 0, 2),
    qemu: fc.constantFrom(null, { bufioreq: 0 } as const, { bufioreq: 2 } as const),
    paging: fc.constantFrom<'ept' | 'npt'>('ept', 'ept', 'npt'),
    commands: fc.array(command, { minLength: 1, maxLength: 8 }),
    toolstack: fc.array(toolOp, { maxLength: 4 }),
  })
  .map(({ of, version, numbered, qemu, ...more }) => {
    const xen = VERSIONS[version];
    const tablePages = 'contiguous' as const;
    return { ...of, ...more, xen, tablePages, numbered: xen.claim ? numbered : 0, defaultServer: qemu };
  });

test.prop([config, fc.array(fc.nat({ max: 250 }), { minLength: 8, maxLength: 8 })], { numRuns: 150 })(
  'a hand that meddles breaks no law of the model',
  (of, steps) => {
    const w = new World(of);
    const choices: Choice[] = [];
    const take = (choice: Choice): void => {
      choices.push(choice);
      step(w, choice);
    };
    const due = of.commands.map((_, n) => ({ choice: COMMAND + n, at: steps[n]! }));
    while (w.steps < MOST) {
      const hand = due.findIndex(({ choice, at }) => at <= w.steps && isEnabled(w, choice));
      if (hand >= 0) {
        const { choice } = due.splice(hand, 1)[0]!;
        const before = w.store.hash();
        const mark = w.store.mark();
        apply(w, choice);
        w.store.rollback(mark);
        expect(w.store.hash()).toBe(before);
        take(choice);
        audit(w);
        continue;
      }
      const rest = enabled(w);
      if (isOver(w, rest)) {
        // Whatever is still to be done by hand is done at the end.
        if (due.length === 0 || !due.some(({ at }) => at > w.steps)) break;
        for (const one of due) one.at = 0;
        continue;
      }
      take(schedule(rest, of.seed, w.steps)!);
    }
    audit(w);
    if (w.xen.asyncReset && !w.xen.countHelper && !w.stopped)
      expect(w.p2m.outstanding(P2M.ioreq_server)).toBe(w.census.total(P2M.ioreq_server));
    const again = new World(of);
    for (const choice of choices) step(again, choice);
    expect(again.store.hash()).toBe(w.store.hash());
  },
);
