import { fc, test as prop } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { Memory } from './memory';
import { Store } from './store';

const MFN = 0x1000123;
const memory = () => new Memory(new Store());
const read = (m: Memory, offset: number, size: number) => m.read(MFN, offset, size, { low: 1, high: 1 });

describe('a machine frame', () => {
  test('that was never written reads as zeros, and holds nothing', () => {
    const m = memory();
    expect(read(m, 0xff8, 8)).toEqual({ low: 0, high: 0 });
    expect([m.isBlank(MFN), m.store.hasFrame(MFN), m.store.bytes.frames]).toEqual([true, false, 0]);
  });

  test('keeps a value little-endian: its lowest byte is at its address', () => {
    const m = memory();
    m.write(MFN, 8, 8, 0x44332211, 0x88776655);
    expect([8, 9, 11, 12, 15].map((at) => read(m, at, 1).low)).toEqual([0x11, 0x22, 0x44, 0x55, 0x88]);
    expect([read(m, 10, 2).low, read(m, 12, 4).low]).toEqual([0x4433, 0x88776655]);
    expect(read(m, 12, 4).high).toBe(0);
  });

  test('takes the low bytes of a value and leaves its neighbours alone', () => {
    const m = memory();
    m.write(MFN, 0, 8, 0xffffffff, 0xffffffff);
    m.write(MFN, 3, 1, 0xabcdef00, 7);
    m.write(MFN, 4, 2, 0x1234_5678, 7);
    expect(read(m, 0, 8)).toEqual({ low: 0x00ffffff, high: 0xffff5678 });
  });

  test('is addressed by the low 12 bits of an address, however large', () => {
    const m = memory();
    m.write(MFN, 0x2_8000_0ff8, 8, 5, 6);
    expect(read(m, 0xff8, 8)).toEqual({ low: 5, high: 6 });
    expect(read(m, 0xf_ffff_fff8, 4)).toEqual({ low: 5, high: 0 });
  });

  test('is blank again once all of it is zero', () => {
    const m = memory();
    m.write(MFN, 0xfff, 1, 1, 0);
    expect(m.isBlank(MFN)).toBe(false);
    expect(m.page(MFN)[1023]).toBe(0x01000000);
    m.write(MFN, 0xfff, 1, 0, 0);
    expect(m.isBlank(MFN)).toBe(true);
  });

  test('is apart from the next one', () => {
    const m = memory();
    m.write(MFN, 0xff8, 8, 1, 2);
    m.write(MFN + 1, 0, 8, 3, 4);
    expect([read(m, 0xff8, 8), m.read(MFN + 1, 0, 8, { low: 0, high: 0 })]).toEqual([
      { low: 1, high: 2 },
      { low: 3, high: 4 },
    ]);
  });
});

const access = fc
  .record({
    write: fc.boolean(),
    frame: fc.nat({ max: 2 }),
    size: fc.constantFrom(1, 2, 4, 8),
    at: fc.nat({ max: 23 }),
    low: fc.nat({ max: 0xffffffff }),
    high: fc.nat({ max: 0xffffffff }),
  })
  .map((a) => ({ ...a, at: 4080 - Math.floor(a.at / a.size) * a.size }))
  .filter(({ at, size }) => at + size <= 4096);

prop.prop([fc.array(access, { maxLength: 60 })])(
  'aligned accesses of every size agree with an array of bytes',
  (accesses) => {
    const m = memory();
    const bytes = Array.from({ length: 3 }, () => new DataView(new ArrayBuffer(4096)));
    for (const { write, frame, size, at, low, high } of accesses) {
      const view = bytes[frame]!;
      if (write) {
        m.write(MFN + frame, at, size, low, high);
        for (let i = 0; i < size; i++) view.setUint8(at + i, Math.floor((i < 4 ? low : high) / 2 ** ((i % 4) * 8)));
      } else {
        let value = 0n;
        for (let i = size - 1; i >= 0; i--) value = (value << 8n) | BigInt(view.getUint8(at + i));
        const got = m.read(MFN + frame, at, size, { low: 0, high: 0 });
        const want = { low: Number(value & 0xffffffffn), high: Number(value >> 32n) };
        if (got.low !== want.low || got.high !== want.high) expect(got).toEqual(want);
      }
    }
    const wrong = bytes.flatMap((view, frame) =>
      [...m.page(MFN + frame)].flatMap((word, i) =>
        word === view.getUint32(i * 4, true) ? [] : [{ frame, i, word, bytes: view.getUint32(i * 4, true) }],
      ),
    );
    expect(wrong).toEqual([]);
  },
);
