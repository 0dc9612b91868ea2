/** For tests: every kind of act that a line can say, and lines with something wrong in them. */
import fc from 'fast-check';
import { QEMU, QEMU_TAKE, TOOLSTACK, XENGT, XENGT_TAKE } from '../engine/choice';
import { PAGING, SHARING, type Access, type Command } from '../engine/command';
import { RMW_OPS, type Size } from '../engine/config';
import type { RangeKind } from '../engine/ioreq-table';
import { MOST_CHANGED, type Act } from './acts';
import { lineOfAct } from './lines';

const whole = (most: number): fc.Arbitrary<number> => fc.oneof(fc.integer({ min: 0, max: most }), fc.nat({ max: 16 }));
const id = whole(0xffff);
const gfn = whole(2 ** 36 - 1);
const type = fc.oneof(fc.nat({ max: 8 }), whole(0xffff));
const bytes = whole(Number.MAX_SAFE_INTEGER);
const word = whole(0xffff_ffff);
const size = fc.constantFrom<Size>(1, 2, 4, 8);
const portSize = fc.constantFrom<1 | 2 | 4>(1, 2, 4);

const call: fc.Arbitrary<Command> = fc.oneof(
  fc.constant<Command>({ op: 'create_ioreq_server' }),
  id.map((of): Command => ({ op: 'destroy_ioreq_server', id: of })),
  fc.tuple(id, fc.boolean()).map(([of, enabled]): Command => ({ op: 'set_ioreq_server_state', id: of, enabled })),
  fc.record({ op: fc.constant('map_mem_type_to_ioreq_server'), id, type, flags: word }),
  fc.record({
    op: fc.constantFrom('map_io_range_to_ioreq_server', 'unmap_io_range_from_ioreq_server'),
    id,
    type: fc.constantFrom<RangeKind>('memory', 'port', 'pci', 'wp_mem', 'write', 'read'),
    start: bytes,
    end: bytes,
  }),
  fc.record({ op: fc.constant('set_mem_type'), first_pfn: gfn, nr: whole(MOST_CHANGED), type }),
  fc.boolean().map((on): Command => ({ op: 'log_dirty', on })),
  fc.record({ op: fc.constantFrom('add_to_physmap', 'remove_from_physmap'), gfn }),
  fc.record({ op: fc.constant('mem_paging'), gfn, what: fc.constantFrom(...PAGING) }),
  fc.record({ op: fc.constant('mem_sharing'), gfn, what: fc.constantFrom(...SHARING) }),
);

const ofSize = ({ low, high }: { low: number; high: number }, of: Size) =>
  of === 8 ? { low, high } : { low: of === 4 ? low : low % 2 ** (of * 8), high: 0 };

const access: fc.Arbitrary<Access> = fc
  .record({
    op: fc.constantFrom('write', 'read', 'rmw', 'exec', 'stos', 'hypercall', 'out', 'in'),
    at: whole(2 ** 45 - 1),
    size,
    portSize,
    low: word,
    high: word,
    how: fc.constantFrom(...RMW_OPS),
    count: fc.integer({ min: 1, max: 4096 }),
    down: fc.boolean(),
  })
  .map(({ op, at, size: of, portSize: narrow, how, count, down, ...words }): Access => {
    const gpa = at * of;
    const port = at % (0xffff - narrow + 2);
    if (op === 'out') return { op, gpa: port, size: narrow, ...ofSize(words, narrow) };
    if (op === 'in') return { op, gpa: port, size: narrow };
    if (op === 'exec') return { op, gpa };
    if (op === 'read') return { op, gpa, size: of };
    if (op === 'rmw') return { op, how, gpa, size: of, ...ofSize(words, of) };
    return op === 'stos'
      ? { op, gpa, size: of, ...ofSize(words, of), count, down }
      : { op, gpa, size: of, ...ofSize(words, of) };
  });

export const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 4, arbitrary: call.map((command): Act => ({ command })) },
  {
    weight: 4,
    arbitrary: fc.tuple(fc.nat({ max: 7 }), access).map(([vcpu, of]): Act => {
      return { command: { op: 'access', vcpu, access: of } };
    }),
  },
  {
    weight: 1,
    arbitrary: fc
      .oneof(
        fc.constantFrom(XENGT, QEMU, TOOLSTACK),
        fc.tuple(fc.constantFrom(0, XENGT_TAKE, QEMU_TAKE), fc.nat({ max: 63 })).map(([from, vcpu]) => from + vcpu),
      )
      .map((choice): Act => ({ choice })),
  },
  { weight: 1, arbitrary: fc.constantFrom<Act>({ schedule: 'user' }, { schedule: 'seed' }) },
);

export const numbered = fc.constantFrom(0, 0, 1, 4);

/** A text in which something was put in, left out or put in another's place, a few times. */
export const mutated = (of: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .tuple(
      of,
      fc.array(
        fc.record({
          at: fc.nat({ max: 400 }),
          out: fc.nat({ max: 3 }),
          put: fc.oneof(
            fc.constantFrom(
              '',
              '',
              ' ',
              '=',
              '==',
              '0x',
              '_',
              '-1',
              '"',
              '{',
              '\n',
              '#',
              'vcpu',
              'HVMMEM_',
              '1e9',
              'é',
            ),
            fc.string({ maxLength: 4, unit: 'binary' }),
          ),
        }),
        { minLength: 1, maxLength: 4 },
      ),
    )
    .map(([text, changes]) =>
      changes.reduce((now, { at, out, put }) => {
        const from = now.length === 0 ? 0 : at % (now.length + 1);
        return now.slice(0, from) + put + now.slice(from + out);
      }, text),
    );

export const line: fc.Arbitrary<string> = fc.tuple(act, numbered).map(([of, n]) => lineOfAct(of, n));
