/** Every simple path of the request slot's chart, from every state, made by a real slot. */
import { expect, test } from 'vitest';
import { bindSlot, clearSlot, complete, respond, send, SLOT, slotState, take, type IoreqSlot } from '../ioreq-slot';
import { xenWith } from '../patches';
import { Store } from '../store';
import { u64 } from '../words64';
import { agreed, edgeName, lead, simplePaths, tries, type Edge, type Subject } from './paths-testing';
import { SLOT_LAW } from './slot';

const PORT = 12;
const xen = xenWith([]);
const request = { type: 1, addr: u64(0x5000n), size: 8, count: 1, dir: 0, df: false, dataIsPtr: false, data: u64(7n) };

/** A slot with this number in its state word; what the device model writes there is written by hand. */
class Slot implements Subject {
  readonly slot: IoreqSlot = SLOT.at(new Store().state, 0);

  constructor(state: number) {
    bindSlot(this.slot, PORT);
    this.slot.state = state;
  }

  state = (): string => SLOT_LAW.states[slotState(this.slot)]!;

  act({ event, facts }: Edge): void {
    const { slot } = this;
    if (event === 'complete') slot.pending = facts.includes('pending') ? 1 : 0;
    // A server that comes after one that has gone meets the vCPU anew.
    bindSlot(slot, PORT);
    if (event === 'send') send(slot, request, facts.includes('otherPort') ? PORT + 1 : PORT);
    else if (event === 'take') take(slot);
    else if (event === 'respond') respond(slot);
    else if (event === 'complete') complete(slot);
    else if (event === 'gone') clearSlot(slot);
    else slot.state = 9;
  }
}

const from = SLOT_LAW.states;
const made = from.flatMap((state, number) =>
  simplePaths(SLOT_LAW, xen, { from: state }).map((path) => [path, number] as const),
);
const tried = from.flatMap((state, number) =>
  tries(SLOT_LAW, xen, { from: state }).map((path) => [path, number] as const),
);

test(`a slot goes each of the 62 simple paths of its chart`, () => {
  expect(made.length).toBe(62);
  for (const [path, number] of made) {
    expect(lead(SLOT_LAW, xen, path, new Slot(number)), path.map(edgeName).join(', ')).toEqual(
      agreed(path, ['scribble']),
    );
  }
});

test('what changes nothing in a state of the chart changes nothing there in a slot', () => {
  expect(tried.length).toBe(80);
  for (const [path, number] of tried) {
    expect(lead(SLOT_LAW, xen, path, new Slot(number)), path.map(edgeName).join(', ')).toEqual(
      agreed(path, ['scribble']),
    );
  }
});

test('what a state does not know is refused by a slot, and changes nothing', () => {
  for (const [number, state] of from.entries()) {
    const { slot } = new Slot(number);
    expect([state, take(slot)]).toEqual([state, state === 'ready']);
  }
  for (const [number, state] of from.entries()) {
    const { slot } = new Slot(number);
    expect([state, respond(slot)]).toEqual([state, state === 'inprocess']);
  }
});
