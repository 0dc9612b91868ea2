import { describe, expect, test } from 'vitest';
import { getMemType, HVMMEM, NO_ENVIRONMENT, setMemType } from './dm';
import type { P2m } from './p2m';
import { P2M, P2M_ACCESS } from './p2m-type';
import { VERSIONS, xenWith } from './patches';
import { place, smallGuest } from './replay/machine';
import { BARE } from './replay/set-mem-type';
import { agreed, replayVectors } from './vectors/replay';

describe('the memory-type hypercall against the oracle, on all three kinds of table', () => {
  test('a single page of every type, asked to become every memory type', () => {
    expect(replayVectors('set_mem_type.json')).toEqual(agreed(970));
  });

  test('several pages stop at the first that refuses, and a preempted call goes on where it stopped', () => {
    expect(replayVectors('set_mem_type_multi.jsonl')).toEqual(agreed(1218));
  });
});

describe('the memory-type hypercall', () => {
  test('type 15 needs hardware-assisted paging since the claim', () => {
    expect(setMemType(smallGuest(VERSIONS.claim, 'shadow', 16), 5, 1, HVMMEM.ioreq_server)).toBe('EOPNOTSUPP');
  });

  test('between withdrawal and renaming no memory type leads to type 15', () => {
    const p2m = smallGuest(xenWith(['writeDm', 'typeWithdrawn']), 'ept', 16);
    expect([3, 4].map((mem) => setMemType(p2m, 5, 1, mem))).toEqual(['EINVAL', 'EINVAL']);
  });

  test('a page being paged out is asked for', () => {
    const p2m = smallGuest(VERSIONS.claim, 'ept', 16);
    const asked: number[] = [];
    place(p2m, 5, P2M.ram_paged, BARE, P2M_ACCESS.rwx);
    const environment = { ...NO_ENVIRONMENT, pageIn: (_: P2m, gfn: number) => void asked.push(gfn) };
    expect(setMemType(p2m, 5, 1, HVMMEM.ram_ro, { done: 0 }, environment)).toBe('EAGAIN');
    expect(asked).toEqual([5]);
  });

  test('what was set is what is answered', () => {
    const p2m = smallGuest(VERSIONS.claim, 'ept', 16);
    p2m.setIoreqServer(1, 2);
    for (const mem of [HVMMEM.ram_rw, HVMMEM.ioreq_server, HVMMEM.ram_rw, HVMMEM.ram_ro, HVMMEM.mmio_dm]) {
      expect(setMemType(p2m, 5, 1, mem)).toBe(0);
      expect(getMemType(p2m, 5)).toBe(mem);
    }
  });
});
