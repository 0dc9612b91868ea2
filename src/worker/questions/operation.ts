/**
 * One operation watched while a run goes over it, to answer a question about it: fed every step, it finds where the operation
 * begins, takes in what belongs to it, and knows when it is over. The same steps give the same answer, under whatever Xen.
 */
import { QEMU, QEMU_TAKE, XENGT, XENGT_TAKE, type Choice } from '../../engine/choice';
import { isOver, stuck } from '../../engine/liveness';
import type { AnyEvent } from '../../engine/trace';
import { PHASE } from '../../engine/vcpu';
import type { World } from '../../engine/world';
import type { Answer } from '../../scenarios/lesson';
import { PIECES, RELEASES, sameCall } from './calls';
import type { NeverWhy } from './codes';
import { Facts, type Asked } from './facts';
import { Instructions } from './instructions';
import { hasObeyed, isReleasing } from './places';
import type { Spot } from './spot';

export class Operation {
  /** Its first step; 0: not yet. */
  begun = 0;
  /** The step that shows the answer; 0: none yet. */
  until = 0;
  over = false;
  /** Its first event, without the errno that would tell. */
  about: AnyEvent | null = null;
  /** null: none yet, or nothing of the kind can be asked of it. */
  answer: Answer | null = null;
  readonly #asked: Asked;
  readonly #facts: Facts;
  readonly #instructions: Instructions;
  /** The run is seen from its first step on. */
  readonly #fresh: boolean;
  /** Of the event that is meant, those seen so far. */
  #seen: number;
  /** The instruction for which the call that is meant is made is under way. */
  #within = false;
  #tools: number;
  /** vCPUs that XenGT and QEMU were serving after the last step. */
  #xengtServes: number | null;
  #qemuServes: number | null;

  /** `world`: before the first step that will be seen: the run's first, or the one in which the operation begins. */
  constructor(asked: Asked, world: World) {
    this.#asked = asked;
    const { spot } = asked;
    this.#fresh = world.steps === 0;
    this.#facts = new Facts(asked, world);
    this.#instructions = new Instructions(world.config.programs, world);
    if (!this.#fresh && spot.kind === 'instruction' && spot.nth) this.#instructions.set({ ...spot, nth: spot.nth - 1 });
    this.#seen = !this.#fresh && spot.kind === 'event' ? spot.nth - 1 : 0;
    this.#tools = world.toolstack.done;
    this.#xengtServes = world.xengt.serving;
    this.#qemuServes = world.qemu.serving;
  }

  /** The frame that is asked about. */
  get gfn(): number | null {
    return this.#facts.gfn;
  }

  /** Takes in the step that `world` has just made. */
  see(choice: Choice, events: readonly AnyEvent[], world: World): void {
    if (this.over) return;
    const { spot } = this.#asked;
    if (spot.kind === 'instruction') this.#instruction(spot, choice, events, world);
    else if (spot.kind === 'tool') this.#tool(spot.op, choice, events, world);
    else this.#event(spot, choice, events, world);
    // What the domain dies of does not come to its end.
    if (world.stopped) this.end(world);
    this.#facts.after(world);
    this.#tools = world.toolstack.done;
    this.#xengtServes = world.xengt.serving;
    this.#qemuServes = world.qemu.serving;
  }

  /** The run goes no further: what is to be said of an operation that is not over. */
  end(world: World): void {
    if (this.over || this.begun === 0) return;
    const { spot, ask } = this.#asked;
    const crashed = spot.kind === 'instruction' && world.vcpus[spot.vcpu]!.phase === PHASE.crashed;
    this.over = true;
    this.until = world.steps;
    if (ask === 'outcome' && (world.stopped || crashed)) this.answer = { ask, outcome: 'stopped' };
    else this.answer = { ask: 'never', why: this.#why(world) };
  }

  #why(world: World): NeverWhy {
    const { spot } = this.#asked;
    if (world.stopped) return 'stopped';
    if (!isOver(world)) return 'cut';
    const why = spot.kind === 'instruction' ? stuck(world).find(({ vcpu }) => vcpu === spot.vcpu)?.why : undefined;
    return why === undefined || why === 'claim' ? 'unanswered' : why;
  }

  #instruction(
    { vcpu, op, nth }: Spot & { kind: 'instruction' },
    choice: Choice,
    events: readonly AnyEvent[],
    world: World,
  ): void {
    const began = this.#instructions.add(choice, events, world);
    const ended = this.#instructions.ended(choice, world) === vcpu;
    const past = world.vcpus[vcpu]!.pc > op;
    if (began?.vcpu === vcpu && began.op === op && (nth === null || began.nth === nth)) {
      this.#begin(events, world);
      this.#facts.begin();
    } else if (this.begun > 0 && choice === vcpu && (began !== null || (past && !ended))) {
      // Only with its next instruction is it seen that the driver's operation had no more.
      this.over = true;
      return;
    }
    if (this.begun === 0 || !this.#isFor(vcpu, choice)) return;
    this.#facts.gather(events, world, vcpu);
    if (this.#asked.ask === 'xen' && this.#facts.does !== null) this.#settle(world, true);
    else if (ended) this.#settle(world, nth !== null || past);
  }

  #tool(op: number, choice: Choice, events: readonly AnyEvent[], world: World): void {
    const { done } = world.toolstack;
    if (done > this.#tools && done - 1 === op) this.#begin(events, world);
    else if (this.begun === 0 || choice !== XENGT) return;
    this.#facts.gather(events, world, null);
    const what = world.config.toolstack[op]!.op;
    const asks = what === 'attach' || what === 'detach';
    if (this.#decided || (!world.stopped && (!asks || hasObeyed(world)))) this.#settle(world, true);
  }

  #event(spot: Spot & { kind: 'event' }, choice: Choice, events: readonly AnyEvent[], world: World): void {
    if (this.begun > 0) {
      if (events.some(({ code }) => PIECES.has(code))) this.#facts.gather(events, world, null);
    } else {
      const event = this.#meant(spot, choice, events, world);
      if (!event) return;
      this.#begin([event], world);
      this.#facts.gather(events, world, null);
    }
    const over = this.#releases === false || !isReleasing(world);
    if (this.#decided || !world.stopped) this.#settle(world, over);
  }

  get #releases(): boolean {
    return this.about !== null && RELEASES.has(this.about.code);
  }
  get #decided(): boolean {
    return this.#asked.ask === 'xen' && this.#facts.does !== null;
  }

  /** The event that is meant, if this step brings it. */
  #meant(
    { code, nth, within }: Spot & { kind: 'event' },
    choice: Choice,
    events: readonly AnyEvent[],
    world: World,
  ): AnyEvent | undefined {
    if (!within || !this.#fresh) {
      const event = events.find((one) => one.code === code);
      return event && ++this.#seen === nth ? event : undefined;
    }
    const { vcpu, op } = within;
    const began = this.#instructions.add(choice, events, world);
    if (began?.vcpu === vcpu) this.#within = began.op === op && began.nth === within.nth;
    if (!this.#within || !this.#isFor(vcpu, choice)) return undefined;
    const event = events.find((one) => sameCall(one.code, code));
    return event && ++this.#seen === within.call ? event : undefined;
  }

  /** A step is taken by a vCPU, or by a device model for it. */
  #isFor(vcpu: number, choice: Choice): boolean {
    if (choice === XENGT) return this.#xengtServes === vcpu;
    if (choice === QEMU) return this.#qemuServes === vcpu;
    return choice === vcpu || choice === XENGT_TAKE + vcpu || choice === QEMU_TAKE + vcpu;
  }

  #begin(events: readonly AnyEvent[], world: World): void {
    if (this.begun > 0) return;
    this.begun = world.steps;
    this.about = events[0] ? told(events[0]) : null;
  }

  /** The answer as it is now; `last`: nothing more belongs to the operation. */
  #settle(world: World, last: boolean): void {
    this.until = world.steps;
    this.over = last;
    this.answer = this.#facts.answer(world);
  }
}

/** Without what would tell the answer. */
const told = ({ errno: _, ...event }: AnyEvent): AnyEvent => event;
