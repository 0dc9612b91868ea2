/** For each frame the steps that changed its entry in the p2m. */
import type { Actor, AnyEvent } from '../engine/trace';
import { SWEEP_FRAMES } from '../engine/claim';

export interface Setter {
  readonly step: number;
  readonly code: AnyEvent['code'];
  readonly actor: Actor;
}

export class Setters {
  readonly #frames = new Map<number, Setter[]>();
  /** Changes of whole ranges, which may be large. */
  readonly #ranges: { readonly first: number; readonly frames: number; readonly setter: Setter }[] = [];

  note({ code, params, step, actor, errno }: AnyEvent): void {
    if (errno) return;
    const setter = { step, code, actor };
    switch (code) {
      case 'dm.protect':
      case 'dm.unprotect':
      case 'dm.outOfSync':
        return this.#add(params.gfn, setter);
      case 'fault.resolved':
        return params.changed ? this.#add(params.gfn, setter) : undefined;
      case 'fault.ram':
        return params.dirtied ? this.#add(params.gfn, setter) : undefined;
      case 'call.addPage':
      case 'call.removePage':
      case 'call.paging':
      case 'call.sharing':
        return this.#add(params.gfn, setter);
      case 'call.setMemType':
      case 'toolstack.balloon':
        this.#ranges.push({ first: params.gfn, frames: params.frames, setter });
        return;
      case 'dm.sweep':
        // It settles what was marked: of the frames that it passes, those that once were made type 15.
        for (let gfn = params.first; params.settled > 0 && gfn < params.first + SWEEP_FRAMES; gfn++)
          this.#frames.get(gfn)?.push(setter);
        return;
      default:
    }
  }

  /** The last change of the entry of `gfn` at or before `step`. */
  of(gfn: number, step: number): Setter | null {
    const before = ({ step: at }: Setter): boolean => at <= step;
    const own = this.#frames.get(gfn)?.findLast(before);
    const range = this.#ranges.findLast(
      ({ first, frames, setter }) => gfn >= first && gfn < first + frames && before(setter),
    )?.setter;
    return own && range ? (own.step > range.step ? own : range) : (own ?? range ?? null);
  }

  #add(gfn: number, setter: Setter): void {
    const known = this.#frames.get(gfn);
    if (known) known.push(setter);
    else this.#frames.set(gfn, [setter]);
  }
}
