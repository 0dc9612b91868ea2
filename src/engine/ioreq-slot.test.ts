import { describe, expect, test } from 'vitest';
import {
  bindSlot,
  complete,
  respond,
  send,
  SLOT,
  SLOT_STATE,
  take,
  type IoreqRequest,
  type IoreqSlot,
} from './ioreq-slot';
import { Store } from './store';
import { u64 } from './words64';

const PORT = 12;
const request: IoreqRequest = {
  type: 1,
  addr: u64(0xffff_8000_0000_5010n),
  size: 8,
  count: 1,
  dir: 1,
  df: false,
  dataIsPtr: false,
  data: u64(0n),
};
function bound(): IoreqSlot {
  const slot = SLOT.at(new Store().state, 0);
  bindSlot(slot, PORT);
  return slot;
}

test('a request goes NONE, READY, INPROCESS, RESP_READY, NONE and brings its value home', () => {
  const slot = bound();
  const states = [slot.state];
  expect(send(slot, request, PORT)).toBe('RETRY');
  states.push(slot.state);
  expect([slot.addrHi, slot.addrLo, slot.size, slot.dir]).toEqual([0xffff8000, 0x5010, 8, 1]);
  expect(complete(slot)).toEqual({ outcome: 'wait' });
  expect(take(slot)).toBe(true);
  states.push(slot.state);
  expect(complete(slot)).toEqual({ outcome: 'wait' });
  expect(respond(slot, u64(0x1122334455667788n))).toBe(true);
  states.push(slot.state);
  expect(complete(slot)).toEqual({ outcome: 'done', data: u64(0x1122334455667788n) });
  states.push(slot.state);
  expect(states).toEqual([0, 1, 2, 3, 0]);
  expect(complete(slot)).toEqual({ outcome: 'idle' });
});

describe('UNHANDLEABLE', () => {
  test.each([SLOT_STATE.ready, SLOT_STATE.inprocess, SLOT_STATE.respReady, 9])('a slot in state %i', (state) => {
    const slot = bound();
    slot.state = state;
    expect(send(slot, request, PORT)).toBe('UNHANDLEABLE');
    expect([slot.state, slot.size, slot.pending]).toEqual([state, 0, 0]);
  });
  test('another event channel', () => {
    const slot = bound();
    expect(send(slot, request, PORT + 1)).toBe('UNHANDLEABLE');
  });
});

test('the device model can neither take nor answer what is not there', () => {
  const slot = bound();
  expect([take(slot), respond(slot)]).toEqual([false, false]);
  send(slot, request, PORT);
  expect(respond(slot)).toBe(false);
});

test('a device model that died leaves NONE behind: the vCPU reads all ones', () => {
  const slot = bound();
  send(slot, request, PORT);
  slot.state = SLOT_STATE.none;
  expect(complete(slot)).toEqual({ outcome: 'done', data: u64(2n ** 64n - 1n) });
});

test('a state that is none of the four crashes the domain', () => {
  const slot = bound();
  send(slot, request, PORT);
  slot.state = 7;
  expect(complete(slot)).toEqual({ outcome: 'crash', code: 'badState', state: 7 });
  expect(slot.pending).toBe(0);
});
