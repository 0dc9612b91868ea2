/** Each run that the worker is asked for: how, which step is shown then, and what is noted when its picture is here. */
import type { Act, SessionInfo } from '../worker/protocol';
import type { Given, Run } from './asked';
import type { Made } from './made.svelte';
import { sameRun } from './same';
import { rerun, type Instead, type Server } from './server';
import type { Change, Undo } from './undo.svelte';

/** What is known of the session when a run is asked for. */
interface Asking {
  readonly server: () => Server;
  /** The run that is shown yet, and the step of its picture. */
  readonly info: () => SessionInfo | null;
  readonly at: () => number;
  readonly made: Made;
  readonly changes: Undo;
  readonly perform: (given: Given) => Promise<boolean>;
  readonly opens: () => void;
}

export class Runs {
  readonly #of: Asking;

  constructor(of: Asking) {
    this.#of = of;
  }

  /** Of a scenario, as it was when it was left: `past`. */
  open({ scenario, overrides = {}, past }: Given): Run {
    const { server, made, opens } = this.#of;
    return {
      then: 'opened',
      ask: (onProgress) => rerun(server(), { scenario, overrides, acts: past?.acts }, onProgress),
      at: ({ start, carried }) => past?.step ?? carried?.at?.step ?? start,
      note: ({ marks }) => {
        opens();
        made.opens({ scenario, overrides, marks: past?.marks ?? marks });
      },
    };
  }

  /** The same by a new worker. */
  recover(): Run {
    const { server, info, at, made, opens } = this.#of;
    const shown = info() && at();
    return {
      then: 'recovered',
      ask: (onProgress) => rerun(server(), made.at(0), onProgress),
      at: ({ start }) => shown ?? start,
      note: () => opens(),
    };
  }

  /** In which something is done at a step. */
  perform(act: Act, step: number): Run {
    const { server, perform } = this.#of;
    return {
      then: 'performed',
      ask: (onProgress) => server().perform(step, act, onProgress),
      // Who chooses from here on makes no step.
      at: () => ('schedule' in act ? step : step + 1),
      note: (info) => this.#note(info, step, () => perform({ act, step })),
    };
  }

  /** Another of the same guest, at a step. */
  become(instead: Instead, step: number): Run {
    const { server, at, perform } = this.#of;
    const left = at();
    return {
      then: 'performed',
      ask: (onProgress) => server().undo(onProgress, instead),
      at: () => step,
      note: (info) => this.#note(info, left, () => perform({ instead, step })),
    };
  }

  /** Without the last thing that was done, at the step at which it was. */
  takeBack(): Run {
    const { server, made } = this.#of;
    const last = made.acts.at(-1)?.step ?? 0;
    return { then: 'performed', ask: (onProgress) => server().undo(onProgress), at: () => last, note: () => undefined };
  }

  /** One takes the place of that which is shown yet, which comes back when it is undone: at the step where it was left. */
  #note(info: SessionInfo, step: number, redo: Change['redo']): void {
    const { made, changes, perform } = this.#of;
    const was = this.#of.info()!;
    if (sameRun(was, info)) return;
    const instead = { acts: made.acts, steps: was.steps };
    changes.note({ what: 'act', undo: () => perform({ instead, step }), redo });
  }
}
