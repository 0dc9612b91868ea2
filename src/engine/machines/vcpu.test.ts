/**
 * Every simple path of the vCPU's chart, from every state, made by a real world: vCPU 0 has latched what makes the edge, and
 * pages, claims and slots are so that Xen finds it so; then it, or whoever the event is from, makes one step.
 */
import { describe, expect, test } from 'vitest';
import type { Command } from '../command';
import { SLOT_STATE } from '../ioreq-slot';
import { PVINFO } from '../guest-layout';
import { P2M, type P2mType } from '../p2m-type';
import { VERSIONS, type Version } from '../patches';
import { COMMAND, step, TOOLSTACK, XENGT, XENGT_TAKE } from '../step';
import { configOf } from '../testing';
import { forgetTries, KIND } from '../vcpu';
import { World } from '../world';
import {
  agreed,
  edgeName,
  lead,
  longest,
  simplePaths,
  tries,
  type Edge,
  type Path,
  type Subject,
} from './paths-testing';
import { VCPU } from './vcpu';

const PAGE = 4096;
const DUMMY = { op: 'read', gpa: 0x300000, size: 4 } as const;
/** An instruction that is given by hand, and moves nothing else. */
const GIVEN: Command = {
  op: 'access',
  vcpu: 0,
  access: { op: 'hypercall', gpa: DUMMY.gpa, size: 8, low: 1, high: 0 },
};
const PROGRAM = Array.from({ length: 20 }, () => DUMMY);

/** Plain RAM; RAM that is made to be of a type; a port and a part of the PCI hole that nobody has. */
const RAM = 0x300 * PAGE;
const SPECIAL = 0x301 * PAGE;
const PORT = 0x3f8;
const NOBODYS = 0xe000_0000;

const worlds = new Map<string, World>();

/** A guest that has not begun, with its XenGT at its post. */
function ready(version: Version, design: 'xen' | 'page_track'): World {
  const key = `${version} ${design}`;
  let world = worlds.get(key);
  if (!world) {
    worlds.set(key, (world = new World(configOf(version, [PROGRAM], { design, commands: [GIVEN] }))));
    while (!world.xengt.started) step(world, XENGT);
  }
  return world.fork();
}

class Cpu implements Subject {
  readonly w: World;

  constructor(version: Version, path: Path) {
    const listens = path.some(({ event }) => event === 'listen');
    this.w = ready(version, listens ? 'page_track' : 'xen');
    this.#v.phase = VCPU.at[path[0]!.from as 'paused'];
  }

  state = (): string => VCPU.states[this.#v.phase]!;

  prepare({ from, event, facts }: Edge): void {
    const has = (fact: string): boolean => facts.includes(fact);
    const v = this.#v;
    v.pc = 0;
    v.misconfig = 0;
    v.latched = SLOT_STATE.none;
    if (from === 'retrying') v.retries = 1;
    switch (`${from} ${event}`) {
      case 'running end':
        v.pc = PROGRAM.length;
        v.kind = 0;
        return;
      case 'done instruct':
        return this.#latch(0, 0);
      case 'running io':
        return this.#latch(KIND.write, PORT, { port: 1 });
      case 'exited settled':
        v.misconfig = 1;
        this.w.p2m.table.changeEntryTypeGlobal();
        return this.#latch(KIND.write, RAM);
      case 'exited handled':
        this.#make(P2M.ram_logdirty);
        return this.#latch(has('helped') ? KIND.write : KIND.read, SPECIAL);
      case 'exited emulate':
        return this.#latch(has('fetch') ? KIND.exec : KIND.write, PVINFO);
      case 'exited fatal':
        this.#make(P2M.grant_map_rw);
        return this.#latch(KIND.write, SPECIAL);
      case 'emulating retire':
        return this.#latch(KIND.write, NOBODYS, { reps: 1, count: has('unfinished') ? 2 : 1 });
      case 'emulating readHalf':
        this.#make(P2M.ioreq_server);
        return this.#latch(KIND.rmw, SPECIAL);
      case 'emulating elements':
        this.#make(P2M.ioreq_server);
        return this.#latch(KIND.write, SPECIAL, { count: 2 });
      case 'emulating retry':
        this.#make(P2M.ioreq_server);
        this.w.p2m.setIoreqServer(this.w.xengt.server, 0);
        return this.#latch(KIND.write, SPECIAL);
      case 'emulating listen':
        expect(this.w.calls.trap(SPECIAL / PAGE, true)).toBe(0);
        return this.#latch(KIND.write, SPECIAL);
      case 'emulating unhandleable':
        v.latched = SLOT_STATE.ready;
        return this.#latch(KIND.write, PVINFO);
      case 'sending send':
      case 'sending unhandleable':
        this.#latch(KIND.write, PVINFO, { reps: 1 });
        v.target = this.w.xengt.server;
        this.#slot.state = event === 'send' ? SLOT_STATE.none : SLOT_STATE.inprocess;
        return;
      case 'blocked orphaned':
      case 'blocked resume': {
        const count = has('unfinished') ? 2 : 1;
        this.#latch(has('firstHalf') ? KIND.rmw : KIND.write, PVINFO, { count, reps: 1 });
        v.latched = SLOT_STATE.ready;
        v.target = event === 'orphaned' ? 9 : this.w.xengt.server;
        this.#slot.state = SLOT_STATE.respReady;
        this.#slot.pending = 1;
        return;
      }
      default:
        if (event === 'misconfig') this.w.p2m.table.changeEntryTypeGlobal();
        if (event === 'access' || event === 'misconfig') this.#latch(KIND.write, RAM);
        if (event === 'violation' || event === 'select') this.#latch(KIND.write, PVINFO);
    }
  }

  act({ event }: Edge): void {
    const { w } = this;
    if (event === 'crash') w.stop();
    else if (event === 'changed') forgetTries(w);
    else step(w, event === 'unpause' ? TOOLSTACK : event === 'instruct' ? COMMAND : 0);
  }

  get #v() {
    return this.w.vcpus[0]!;
  }
  get #slot() {
    return this.w.slot(this.w.xengt.server, 0);
  }

  #latch(kind: number, gpa: number, more: { port?: number; reps?: number; count?: number } = {}): void {
    const plain = { how: 0, size: 4, low: 1, high: 0, count: 1, down: 0, port: 0, reps: 0 };
    Object.assign(this.#v, plain, { kind, gpa, readDone: 0, readLow: 0, readHigh: 0, byClaim: 0, ...more });
  }

  #make(type: P2mType): void {
    const { p2m } = this.w;
    const gfn = SPECIAL / PAGE;
    expect(p2m.setEntry(gfn, p2m.frame(gfn), 0, type)).toBe(0);
  }
}

describe.each<[Version, number, number]>([
  ['4.13', 1020, 6],
  ['today', 1274, 6],
])('a vCPU at %s', (version, paths, stays) => {
  const xen = VERSIONS[version];
  const made = VCPU.states.flatMap((from) => simplePaths(VCPU, xen, { from }));
  const tried = VCPU.states.flatMap((from) => tries(VCPU, xen, { from })).filter((path) => path.length === 1);

  test(`goes each of the ${paths} simple paths of its chart`, () => {
    expect(made.length).toBe(paths);
    for (const path of longest(made)) {
      expect(lead(VCPU, xen, path, new Cpu(version, path)), path.map(edgeName).join(', ')).toEqual(agreed(path));
    }
  });

  test(`stays where it is by each of the ${stays} events that lead nowhere`, () => {
    expect(tried.length).toBe(stays);
    for (const path of tried) {
      expect(lead(VCPU, xen, path, new Cpu(version, path)), path.map(edgeName).join(', ')).toEqual(agreed(path));
    }
  });
});

test('a vCPU that waits for listeners goes on when they have heard', () => {
  const listen = simplePaths(VCPU, VERSIONS.today, { from: 'emulating', depth: 1 }).filter(
    ([e]) => e!.event === 'listen',
  );
  const cpu = new Cpu('today', listen[0]!);
  expect(lead(VCPU, VERSIONS.today, listen[0]!, cpu)).toEqual(agreed(listen[0]!));
  step(cpu.w, XENGT_TAKE);
  while (cpu.w.xengt.work.depth > 0) step(cpu.w, XENGT);
  step(cpu.w, 0);
  expect(cpu.state()).toBe('running');
});
