/**
 * Runs a point's scenario and reads from it what is measured: as any player would run it, but keeping no history. The run has up
 * to four parts: the tables are made and watched; the guest's accesses; the release; pages touched after it.
 */
import { audit, type AuditRule } from '../../engine/audit';
import type { Choice } from '../../engine/choice';
import type { Command } from '../../engine/command';
import { PAGE_SIZE } from '../../engine/config';
import { heapOf } from '../../engine/designs/heap';
import type { Errno } from '../../engine/errno';
import { MOST_STEPS } from '../../engine/history';
import { isOver } from '../../engine/liveness';
import { schedule } from '../../engine/prng';
import { enabled, isEnabled, step, TOOLSTACK, XENGT } from '../../engine/step';
import type { AnyEvent, CostCounts, EventCode } from '../../engine/trace';
import { World } from '../../engine/world';
import { Commands } from '../../scenarios/drive';
import { lineOfAct } from '../../scenarios/lines';
import type { Scenario } from '../../scenarios/schema';
import { frameOf, isPage } from './frames';
import type { Made } from './guest';
import type { Point } from './sweep';

/** The first refusal on the way to what was asked for. */
export interface Wall {
  readonly errno: Errno;
  readonly code: EventCode;
  readonly step: number;
  /** Pages that were watched by then. */
  readonly watched: number;
}

const PARTS = { setup: 0, work: 1, release: 2, later: 3 } as const;

export class PointRun {
  readonly world: World;
  wall: Wall | null = null;
  watched = 0;
  refusals = 0;
  lost = 0;
  heap = 0;
  /** Pages that are still watched after the release. */
  left = 0;
  /** Step with which the guest's own work begins. */
  begins = 0;
  cut = false;
  /** Costs so far at the end of each part. */
  readonly ends: CostCounts[] = [];
  /** Choices while the tables are made, where nobody else may get in between; acts of the pages' touching. */
  readonly script: Choice[] = [];
  readonly touches: { readonly step: number; readonly do: string }[] = [];
  readonly #commands = new Commands();
  readonly #acts: { readonly step: number; readonly choice: Choice }[];
  #next = 0;
  #part: number = PARTS.setup;
  #over = false;

  constructor(
    scenario: Scenario,
    readonly made: Made,
    readonly point: Point,
  ) {
    this.#acts = scenario.acts.flatMap(({ step: at, act }) =>
      'command' in act ? [{ step: at, choice: this.#commands.choice(act.command) }] : [],
    );
    this.world = new World({ ...scenario.config, commands: this.#commands.list });
  }

  /** Takes at most so many steps; answers whether the run is over. */
  advance(steps: number): boolean {
    for (let i = 0; i < steps && !this.#over; i++) this.#step();
    return this.#over;
  }

  /** Costs of a part; null: there was none. */
  costs(part: keyof typeof PARTS): CostCounts | null {
    const n = PARTS[part];
    const end = this.ends[n];
    if (!end || (part === 'later' && this.touches.length === 0)) return null;
    const before = this.ends[n - 1];
    if (!before) return end;
    return Object.fromEntries(
      Object.entries(end).map(([cost, value]) => [cost, value - before[cost as keyof CostCounts]]),
    ) as CostCounts;
  }

  /** Rules that do not hold at the end. */
  broken(): AuditRule[] {
    return audit(this.world).flatMap(({ rule, state }) => (state === 'broken' ? [rule] : []));
  }

  #step(): void {
    const { world: w } = this;
    if (w.steps >= MOST_STEPS) {
      this.cut = true;
      return this.#end();
    }
    const choice = this.#choose();
    if (choice === null) return this.#end();
    // The toolstack lets the guest run first; what it does after that is the release.
    if (choice === TOOLSTACK && this.#part === PARTS.work) this.#turn(PARTS.release);
    const events = step(w, choice);
    for (const event of events) this.#see(event);
    if (this.#part === PARTS.setup && w.vcpus[0]!.pc >= this.made.setup) this.#turn(PARTS.work);
  }

  #choose(): Choice | null {
    const { world: w } = this;
    const act = this.#acts[this.#next];
    if (act?.step === w.steps) {
      this.#next++;
      if (!isEnabled(w, act.choice)) throw new Error(`what is done at step ${act.step} cannot be done there`);
      return act.choice;
    }
    const choices = enabled(w);
    if (isOver(w, choices)) return this.#touch();
    if (this.#part > PARTS.setup || w.vcpus.length < 2) return schedule(choices, w.config.seed, w.steps)!;
    const choice = schedule(
      choices.filter((one) => one === 0 || one >= XENGT),
      w.config.seed,
      w.steps,
    )!;
    this.script.push(choice);
    return choice;
  }

  /** The next page is touched once the run is over; null: enough of them are. */
  #touch(): Choice | null {
    const { world: w, made, point } = this;
    const { pages, touches } = point.guest;
    const n = this.touches.length;
    const most = Math.min(touches, pages);
    if (n >= most) return null;
    const gpa = frameOf(made.pages, Math.floor((n * pages) / most)) * PAGE_SIZE;
    const command: Command = { op: 'access', vcpu: 0, access: { op: 'read', gpa, size: 8 } };
    const choice = this.#commands.choice(command);
    if (!isEnabled(w, choice)) return null;
    if (n === 0) while (this.#part < PARTS.later) this.#turn(this.#part + 1);
    this.touches.push({ step: w.steps, do: lineOfAct({ command }) });
    return choice;
  }

  #see(event: AnyEvent): void {
    const { errno, code, step: at } = event;
    if (errno !== undefined) {
      this.refusals++;
      if (this.#part === PARTS.setup) this.wall ??= { errno, code, step: at, watched: this.watched };
    } else if (this.#part === PARTS.setup) {
      if (code === 'dm.protect') this.watched++;
      if (event.code === 'call.setMemType' && isPage(this.made.pages, event.params.gfn))
        this.watched += event.params.frames;
    }
    const plain = event.code === 'guest.write' || event.code === 'guest.rmw';
    if (!plain || this.#part !== PARTS.work) return;
    const { gfn } = event.params;
    if (isPage(this.made.pages, gfn) && !this.world.xengt.outOfSync(gfn)) this.lost++;
  }

  #turn(part: number): void {
    const { world: w } = this;
    if (this.#part === PARTS.setup) this.begins = w.steps;
    if (this.#part === PARTS.work) {
      this.heap = heapOf(w).total;
      this.lost += w.book.lostWrites;
    }
    if (this.#part === PARTS.release) this.left = w.design.left(w);
    this.ends[this.#part] = w.costs;
    this.#part = part;
  }

  #end(): void {
    this.#over = true;
    this.#turn(this.#part + 1);
  }
}
