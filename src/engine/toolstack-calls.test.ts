// Hypercalls among the operations of the toolstack: each one step, made when it can be, and a release goes on in pieces.
import { describe, expect, test } from 'vitest';
import type { Call } from './command';
import { claimFor, create, make, write } from './command-testing';
import type { ToolOp } from './config';
import { HVMMEM } from './dm';
import { CLAIM } from './machines/claim';
import { P2M } from './p2m-type';
import { VERSIONS } from './patches';
import { apply, COMMAND, enabled, isEnabled, step, TOOLSTACK } from './step';
import { bound, configOf, go, PT } from './testing';
import type { AnyEvent } from './trace';
import { World } from './world';

const { claim } = VERSIONS;
const back = make(HVMMEM.ram_rw, PT);
const calls = (...commands: object[]): ToolOp[] =>
  commands.map((command) => ({ op: 'call', command: command as Call }));
/** With its guest about to write to a table, from when on the toolstack makes these calls. */
const calling = (...commands: object[]): World =>
  bound(claim, [write(PT * 4096)], { toolstack: [{ op: 'wait', vcpu: 0, pc: 3 }, ...calls(...commands)] });
const may = (w: World): boolean => enabled(w).includes(TOOLSTACK);
const told = (events: readonly AnyEvent[]) => events.map(({ code, params, errno }) => [code, params, errno]);

describe('a hypercall of the toolstack', () => {
  test('is one step, with the events and the answer that the user gets for it', () => {
    const commands = [create, claimFor(2), back];
    const w = calling(...commands);
    const byHand = calling();
    for (const command of commands) {
      apply(byHand, COMMAND, command);
      byHand.store.settle();
      expect(told(step(w, TOOLSTACK))).toEqual(told(byHand.trace.events));
    }
    expect([w.steps, w.costs]).toEqual([byHand.steps, byHand.costs]);
    expect([w.toolstack.done, may(w), w.p2m.getEntry(PT).type]).toEqual([4, false, P2M.ram_rw]);
  });

  test('waits as one by hand does: for a domain that can be paused, and for the p2m lock', () => {
    const w = calling(create, back);
    go(w, 'exit.violation', (choice) => choice === 0);
    expect([may(w), isEnabled(w, COMMAND, create)]).toEqual([false, false]);
    go(w, 'ioreq.ready', (choice) => choice === 0);
    expect([may(w), isEnabled(w, COMMAND, create)]).toEqual([true, true]);
    expect(told(step(w, TOOLSTACK))).toEqual([['call.create', { server: 2 }, undefined]]);
    const other = calling(back);
    go(other, 'fault.emulate', (choice) => choice === 0);
    expect([may(other), other.p2mLock]).toEqual([false, 0]);
  });

  test('that releases goes on by itself, mark and batches, before the operation that follows', () => {
    const w = calling(claimFor(1, 0), claimFor(1));
    const codes: string[] = [];
    while (may(w)) codes.push(...step(w, TOOLSTACK).map(({ code }) => code));
    expect(codes).toEqual(['call.release', 'dm.mark', ...Array<string>(7).fill('dm.sweep'), 'call.claim']);
    expect(CLAIM.states[w.p2m.claimState()]).toBe('claimed.write');
  });

  test('that Xen refuses is over, and the next one comes', () => {
    const w = calling(claimFor(7), create);
    expect(step(w, TOOLSTACK).map(({ code, errno }) => [code, errno])).toEqual([['call.claim', 'ENOENT']]);
    expect(step(w, TOOLSTACK).map(({ code, errno }) => [code, errno])).toEqual([['call.create', undefined]]);
  });

  test('that can never be made holds the program back, and the run ends without it', () => {
    const beyond = make(HVMMEM.ram_ro, 0x1000);
    const w = new World(configOf('claim', [[]], { toolstack: calls(beyond, create) }));
    for (let choices = enabled(w); choices.length > 0; choices = enabled(w)) step(w, choices[0]!);
    expect([w.toolstack.done, w.servers.lastId]).toEqual([0, 1]);
  });
});
