/** What a hypercall comes to, gathered while its steps are taken: what Xen does about it, and what it answers. */
import type { Errno } from '../../engine/errno';
import { P2M_TYPE_COUNT } from '../../engine/p2m-type';
import type { AnyEvent } from '../../engine/trace';
import type { World } from '../../engine/world';
import { CALLS } from './calls';
import type { XenDoes } from './codes';

export class Effect {
  /** The first call; of those of an operation one is asked about. */
  #call: AnyEvent | null = null;
  #errno: Errno | null = null;
  /** Frames by stored type, as they were after the last step. */
  #frames: readonly number[];
  #changed = false;
  #marked = false;
  #swept = false;
  #settled = 0;

  /** `world`: before the first step. */
  constructor(world: World) {
    this.#frames = framesOf(world);
  }

  gather(events: readonly AnyEvent[], world: World): void {
    for (const event of events) {
      const { code, params, errno } = event;
      if (CALLS.has(code)) {
        this.#call ??= event;
        this.#errno ??= errno ?? null;
      }
      if (code === 'dm.mark') this.#marked = true;
      if (code !== 'dm.sweep') continue;
      this.#swept = true;
      this.#settled += params.settled;
      this.#errno ??= errno ?? null;
    }
    const frames = framesOf(world);
    this.#changed ||= frames.some((n, type) => n !== this.#frames[type]);
  }

  /** Any step is behind, one of the call or not. */
  after(world: World): void {
    this.#frames = framesOf(world);
  }

  /** null: no call was made. */
  get answer(): { readonly does: XenDoes; readonly errno: Errno | null } | null {
    if (!this.#call) return null;
    const errno = this.#errno;
    if (errno !== null) return { does: this.#changed ? 'refusePartly' : 'refuse', errno };
    return { does: this.#does(this.#call), errno };
  }

  #does({ code, params }: AnyEvent): XenDoes {
    switch (code) {
      case 'dm.claim':
      case 'call.claim':
        return 'own';
      case 'dm.release':
      case 'call.release':
        if (params.outstanding === 0) return 'disown';
        if (this.#swept) return this.#settled > 0 ? 'sweep' : 'sweepNone';
        return this.#marked ? 'mark' : 'disown';
      case 'dm.mapRange':
      case 'call.mapRange':
        return 'addRange';
      case 'dm.unmapRange':
      case 'call.unmapRange':
        return 'removeRange';
      case 'dm.protect':
      case 'dm.unprotect':
      case 'call.setMemType':
        return this.#changed ? 'retype' : 'retypeNone';
      case 'dm.killed':
      case 'call.destroy':
        return params.outstanding > 0 ? 'destroyLeaving' : 'destroy';
      default:
        return 'obey';
    }
  }
}

const framesOf = ({ census }: World): number[] =>
  Array.from({ length: P2M_TYPE_COUNT }, (_, type) => census.total(type));
