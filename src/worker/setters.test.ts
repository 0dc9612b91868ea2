import { expect, test } from 'vitest';
import type { Events } from '../engine/events';
import type { AnyEvent, EventCode } from '../engine/trace';
import { Setters } from './setters';

/** A list of events, one a step. */
function setters(...made: { [C in EventCode]: [C, Events[C], 'ENOMEM'?] }[EventCode][]): Setters {
  const kept = new Setters();
  made.forEach(([code, params, errno], i) => {
    kept.note({ step: i + 1, code, params, actor: 'xen', ...(errno && { errno }) } as unknown as AnyEvent);
  });
  return kept;
}
const by = (kept: Setters, gfn: number, step: number) => kept.of(gfn, step)?.code ?? null;

test('an entry was set by the last that changed it, as of the step that is asked for', () => {
  const kept = setters(
    ['dm.protect', { gfn: 5, level: 0, watch: 'type' }],
    ['dm.unprotect', { gfn: 5, watch: 'type' }, 'ENOMEM'],
    ['fault.resolved', { vcpu: 0, gfn: 5, changed: true }],
    ['fault.ram', { vcpu: 0, gfn: 5, type: 2, dirtied: true }],
  );
  expect([0, 1, 2, 3, 4, 9].map((step) => by(kept, 5, step))).toEqual([
    null,
    'dm.protect',
    'dm.protect',
    'fault.resolved',
    'fault.ram',
    'fault.ram',
  ]);
  expect(by(kept, 6, 9)).toBe(null);
});

test('what changed nothing sets nothing', () => {
  const kept = setters(
    ['fault.resolved', { vcpu: 0, gfn: 5, changed: false }],
    ['fault.ram', { vcpu: 0, gfn: 5, type: 0, dirtied: false }],
  );
  expect(by(kept, 5, 2)).toBe(null);
});

test('a sweep settles those of its 256 frames that were once of the type', () => {
  const kept = setters(
    ['dm.protect', { gfn: 0x100, level: 0, watch: 'type' }],
    ['dm.protect', { gfn: 0x200, level: 0, watch: 'type' }],
    ['dm.sweep', { first: 0x100, settled: 1, left: 1, last: false }],
    ['dm.sweep', { first: 0x200, settled: 0, left: 1, last: true }],
  );
  expect([0x100, 0x101, 0x200].map((gfn) => by(kept, gfn, 4))).toEqual(['dm.sweep', null, 'dm.protect']);
});

test('frames that are given back are set all at once, and what comes later counts', () => {
  const kept = setters(
    ['dm.protect', { gfn: 7, level: 0, watch: 'type' }],
    ['toolstack.balloon', { gfn: 4, frames: 4 }],
    ['dm.protect', { gfn: 6, level: 0, watch: 'type' }],
  );
  expect([3, 4, 6, 7, 8].map((gfn) => by(kept, gfn, 3))).toEqual([
    null,
    'toolstack.balloon',
    'dm.protect',
    'toolstack.balloon',
    null,
  ]);
  expect(by(kept, 7, 1)).toBe('dm.protect');
});
