// Lines that are typed: each act has one, and whatever is wrong in one is said with its place and what would be right.
import { test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { QEMU, QEMU_TAKE, TOOLSTACK, XENGT, XENGT_TAKE } from '../engine/choice';
import { lineOfAct, lineOfChoice, MOST_LINE, parseChoice, parseLine } from './lines';
import { act, line, mutated, numbered } from './lines-testing';

/** What a line does, or what is wrong with it and where, from 1. */
const read = (text: string) => {
  const found = parseLine(text);
  return found.ok ? found.act : `${found.at + 1}: ${found.message}`;
};

property.prop([act, numbered], { numRuns: 2000 })('reads each act that it writes', (of, n) => {
  expect(parseLine(lineOfAct(of, n))).toEqual({ ok: true, act: of });
});

property.prop([mutated(line)], { numRuns: 5000 })('of a line with a mistake comes a refusal or an act', (text) => {
  const found = parseLine(text);
  if (found.ok) {
    expect(parseLine(lineOfAct(found.act))).toEqual(found);
    return;
  }
  expect(found.message).toMatch(/^\S.{8,}/su);
  expect(found.at).toBeGreaterThanOrEqual(0);
  expect(found.at).toBeLessThanOrEqual(text.length);
});

describe('a hypercall', () => {
  const made = { command: { op: 'set_mem_type', first_pfn: 0x200, nr: 1, type: 4 } };

  test.each([
    'set_mem_type first_pfn=0x200 nr=1 type=HVMMEM_ioreq_server',
    '  set_mem_type   type=ioreq_server first_pfn=512  ',
    'set_mem_type nr=0x1 first_pfn=0X2_00 type=4',
    'set_mem_type nr=1 first_pfn=5_12 type=HVMMEM_ioreq_server0',
  ])('has its arguments in any order: %s', (text) => {
    expect(read(text)).toEqual(made);
  });

  test('may have words that say by themselves what they are', () => {
    expect(read('log_dirty on')).toEqual({ command: { op: 'log_dirty', on: true } });
    expect(read('mem_paging gfn=0x300 evict')).toEqual({ command: { op: 'mem_paging', gfn: 0x300, what: 'evict' } });
  });

  test.each([
    ['set_memtype first_pfn=1', '1: there is no "set_memtype"; did you mean set_mem_type?'],
    ['map_mem_type id=1', '1: there is no "map_mem_type"; did you mean map_mem_type_to_ioreq_server?'],
    [
      'set_mem_type first_pfn=1 typ=0',
      '26: set_mem_type has no argument "typ": it has first_pfn, nr and type; did you mean type?',
    ],
    ['set_mem_type type=ram_rw', '25: set_mem_type needs first_pfn= as well'],
    [
      'set_mem_type first_pfn=1 type=ramrw',
      '31: type must be ram_rw, ram_ro, mmio_dm, mmio_write_dm or ioreq_server, or a number; did you mean ram_rw?',
    ],
    [
      'set_mem_type first_pfn=0x2g type=0',
      '24: first_pfn must be a number from 0x0 to 0xfffffffff, as in 0x200 or 512',
    ],
    ['set_mem_type first_pfn=1 nr=70000 type=0', '29: nr must be from 0x0 to 0x10000'],
    ['set_mem_type first_pfn= type=0', '24: first_pfn needs a value after the ='],
    ['set_mem_type first_pfn=1 first_pfn=2', '26: first_pfn is said twice'],
    ['set_mem_type 0x200', '14: "0x200" needs the name of its argument before it, as in first_pfn=0x200'],
    ['log_dirty', '10: log_dirty needs on or off as well'],
    ['log_dirty maybe', '11: on must be on or off'],
    ['create_ioreq_server id=1', '21: create_ioreq_server has no argument "id": it has none'],
    ['destroy_ioreq_server id=-1', '25: id must be a number from 0 to 65535, as in 0x200 or 512'],
    ['destroy_ioreq_server constructor=1', '22: destroy_ioreq_server has no argument "constructor": it has id'],
    ['', '1: says nothing: write a hypercall, an instruction or who goes on, as in vcpu0'],
  ])('is refused: %s', (text, message) => {
    expect(read(text)).toBe(message);
  });
});

describe('an instruction', () => {
  test('is of 8 bytes and of vCPU 0 where it does not say', () => {
    const access = { op: 'write', gpa: 0x200000, size: 8, low: 1, high: 0 };
    expect(read('write gpa=0x200000 value=1')).toEqual({ command: { op: 'access', vcpu: 0, access } });
    expect(read('in port=0x3f8')).toEqual({
      command: { op: 'access', vcpu: 0, access: { op: 'in', gpa: 0x3f8, size: 1 } },
    });
  });

  test.each([
    ['write gpa=0x1004 value=1', '11: gpa must be aligned to the 8 bytes of the access, as 0x1000 is'],
    ['write gpa=0x1000 size=1 value=256', '31: value must fit in 1 byte'],
    ['write gpa=0x1000', '17: write needs value= as well'],
    ['write gpa=0x1000 size=3 value=1', '23: size must be 1, 2, 4 or 8'],
    ['read vcpu=8 gpa=0', '11: vcpu must be from 0 to 7'],
    ['rmw how=nor gpa=0 value=0', '9: how must be or, and, xor, add or xchg; did you mean or?'],
    ['in port=0xffff size=2', '9: port must leave room: 2 bytes from there reach past port 0xffff'],
    ['exec gpa=0x1000000000000', '10: gpa must be from 0x0 to 0xffffffffffff'],
    ['stos gpa=0 value=0 count=5000', '26: count must be from 1 to 4096'],
  ])('is refused: %s', (text, message) => {
    expect(read(text)).toBe(message);
  });
});

describe('a choice', () => {
  test.each([
    ['vcpu0', 0],
    ['vcpu63', 63],
    ['xengt', XENGT],
    ['toolstack', TOOLSTACK],
    ['qemu', QEMU],
    ['xengt take vcpu0', XENGT_TAKE],
    ['qemu take vcpu2', QEMU_TAKE + 2],
  ])('%s', (text, choice) => {
    expect(parseChoice(text)).toBe(choice);
    expect(lineOfChoice(choice)).toBe(text);
    expect(read(text)).toEqual({ choice });
  });

  test.each([
    ['vcpu64', '1: there is no "vcpu64": write vcpu0 to vcpu63, xengt, toolstack or qemu'],
    ['vcpu0 take vcpu1', '7: vcpu0 takes no request: nothing may follow'],
    ['xengt takes vcpu1', '7: after xengt may only stand "take" and a vCPU, as in xengt take vcpu0'],
    ['xengt take', '11: xengt take needs a vCPU, as in xengt take vcpu0'],
    ['qemu take 1', '11: there is no vCPU "1": write it as in vcpu0'],
    ['qemu take vcpu1 now', '17: nothing may follow, but here stands "now"'],
    ['schedule', '9: schedule needs "user" or "seed": who chooses from here on'],
    ['schedule me', '10: schedule needs "user" or "seed": who chooses from here on, not "me"'],
  ])('is refused: %s', (text, message) => {
    expect(read(text)).toBe(message);
    expect(parseChoice(text)).toBeNull();
  });

  test('no other line is one', () => {
    expect(['set_mem_type', 'log_dirty on', '', 'schedule user'].map(parseChoice)).toEqual([null, null, null, null]);
  });
});

test('a line that is too long is not looked at', () => {
  expect(read('x'.repeat(MOST_LINE + 1))).toBe(`${MOST_LINE + 1}: a line has at most ${MOST_LINE} characters`);
  expect(parseChoice(`vcpu0${' '.repeat(MOST_LINE)}`)).toBeNull();
});
