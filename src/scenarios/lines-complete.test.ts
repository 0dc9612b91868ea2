import { test as property } from '@fast-check/vitest';
import { fc } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import { parseLine } from './lines';
import { complete, usageOf, type Known } from './lines-complete';
import { line, mutated } from './lines-testing';
import { ALL_WORDS } from './lines-player';

const KNOWN: Known = {
  servers: [1, 3],
  types: ['HVMMEM_ram_rw', 'HVMMEM_ioreq_server'],
  gfn: 0x300,
  vcpus: 2,
  flags: [2, 0],
};
/** What is offered where `|` stands. */
const offered = (marked: string): readonly string[] => {
  const caret = marked.indexOf('|');
  return complete(marked.replace('|', ''), caret, KNOWN).options;
};

test.each<[string, readonly string[]]>([
  ['set_m|', ['set_mem_type']],
  ['mem_t|', ['map_mem_type_to_ioreq_server', 'set_mem_type']],
  ['vc|', ['vcpu0', 'vcpu1']],
  ['set_mem_type |', ['first_pfn=0x300', 'type=HVMMEM_ram_rw', 'type=HVMMEM_ioreq_server', 'nr=1']],
  ['set_mem_type type=|', ['type=HVMMEM_ram_rw', 'type=HVMMEM_ioreq_server']],
  ['set_mem_type type=|  first_pfn=1', ['type=HVMMEM_ram_rw', 'type=HVMMEM_ioreq_server']],
  ['set_mem_type type=0 n|', ['nr=1']],
  ['set_mem_type type=0 first_pfn=1 |', ['nr=1']],
  ['map_mem_type_to_ioreq_server id=|', ['id=1', 'id=3']],
  ['map_mem_type_to_ioreq_server id=1 f|', ['flags=2', 'flags=0']],
  ['map_io_range_to_ioreq_server id=1 s|', ['start=0x300000']],
  ['map_io_range_to_ioreq_server id=1 type=wp_mem s|', ['start=0x300']],
  ['log_dirty |', ['on', 'off']],
  ['mem_paging e|', ['evict']],
  ['write |', ['gpa=0x300000', 'value=1', 'vcpu=0', 'vcpu=1', 'size=1', 'size=2', 'size=4', 'size=8']],
  ['xengt t|', ['take']],
  ['xengt take |', ['vcpu0', 'vcpu1']],
  ['schedule |', ['user', 'seed']],
  ['version v|', ['v7']],
  ['patch claim o|', ['on', 'off']],
  ['nonsense |', []],
  ['set_mem_type|', []],
])('%s', (marked, options) => {
  expect(offered(marked)).toEqual(options);
});

test('every word has a usage, and a whole line needs no more', () => {
  expect(ALL_WORDS.filter((word) => usageOf(word) === null)).toEqual([]);
  expect(usageOf('log_dirty')).toBe('log_dirty on|off');
  expect(usageOf('write')).toBe('write [vcpu=..] gpa=.. [size=1|2|4|8] value=..');
  expect(usageOf('nonsense')).toBeNull();
});

property.prop([mutated(line), fc.nat({ max: 300 })], { numRuns: 1000 })(
  'what is offered fits in its place',
  (text, n) => {
    const caret = n % (text.length + 1);
    const { from, to, options } = complete(text, caret, KNOWN);
    expect(from <= caret && caret <= to && to <= text.length).toBe(true);
    expect(options).not.toContain(text.slice(from, to));
  },
);

test('the first offers, taken one after the other, make a line that can be read', () => {
  for (const word of ['set_mem_type', 'map_mem_type_to_ioreq_server', 'write', 'destroy_ioreq_server', 'log_dirty']) {
    let text = `${word} `;
    for (let n = 0; n < 8; n++) {
      const [option] = complete(text, text.length, KNOWN).options;
      if (option === undefined || parseLine(text).ok) break;
      text += `${option} `;
    }
    expect([text, parseLine(text).ok]).toEqual([text, true]);
  }
});
