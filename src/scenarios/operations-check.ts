/** What only the guest's size can tell to be wrong with an operation. */
import { PAGE_SIZE, type Config } from '../engine/config';
import { isAllRam, isPlace, isRam } from '../engine/guest-layout';
import { alignedHint } from './fields';
import { LAST_PORT, type FileRandom, type SingleOp } from './operations';
import { formatBytes } from './quantities';

type AccessOp = Extract<SingleOp, { op: 'write' | 'read' | 'rmw' | 'exec' | 'stos' | 'hypercall' }>;
type DriverOp = Extract<SingleOp, { op: 'ppgtt_create' | 'bind' | 'unbind' | 'ppgtt_destroy' | 'submit' }>;

/** Which field of the operation is wrong, and why. */
export interface Wrong {
  readonly field: string;
  readonly message: string;
  readonly hint?: string;
}

/** Where an access may go beside RAM: VGA memory and the PCI hole, with nobody there or somebody. */
const HOLES = '0xa0000 to 0xbffff, 0xf0000000 to 0xffffffff';

/** Operation `n` of vCPU `vcpu` in `config`, its addresses `shift` bytes further on; undefined: nothing is wrong. */
export function checkOp(config: Config, o: SingleOp, shift: number, vcpu: number, n: number): Wrong | undefined {
  switch (o.op) {
    case 'ppgtt_create':
    case 'bind':
    case 'unbind':
    case 'ppgtt_destroy':
    case 'submit':
      return checkDriverOp(config, o, shift, vcpu, n);
    case 'out':
    case 'in':
      if (o.port + o.size - 1 > LAST_PORT)
        return { field: 'port', message: `${o.size} bytes from there reach past port 0xffff` };
      return o.op === 'out' ? checkValue(o) : undefined;
    default:
      return checkAccess(config, o, shift) ?? ('value' in o ? checkValue(o) : undefined);
  }
}

function checkAccess(config: Config, o: AccessOp, shift: number): Wrong | undefined {
  const gpa = o.gpa + shift;
  const size = o.op === 'exec' ? 1 : o.size;
  if (gpa % size !== 0) return unaligned('gpa', gpa, size, shift);
  if (!isPlace(config, gpa))
    return { field: 'gpa', message: `lies neither in ${places(config)}`, ...nearBy(config, gpa) };
  if (o.op !== 'stos') return undefined;
  const way = (o.count - 1) * size;
  const [first, last] = o.direction === 'down' ? [gpa - way, gpa] : [gpa, gpa + way];
  for (let page = Math.floor(first / PAGE_SIZE); page * PAGE_SIZE <= last; page++) {
    if (!isPlace(config, page * PAGE_SIZE))
      return { field: 'count', message: `the last element lies neither in ${places(config)}` };
  }
  return undefined;
}

const unaligned = (field: string, gpa: number, size: number, shift: number): Wrong => ({
  field,
  message: `an access of ${size} bytes must be aligned to ${size}`,
  hint: shift === 0 ? alignedHint(gpa, size) : `The loop's stride must be a multiple of ${size}.`,
});

const places = (config: Config): string =>
  `the guest's RAM (${formatBytes(config.memory)}) nor in a hole for devices (${HOLES})`;

/** The last page of low RAM, for one who went past it. */
function nearBy(config: Config, gpa: number): { hint?: string } {
  const gfn = Math.floor(gpa / PAGE_SIZE);
  const last = config.memory / PAGE_SIZE - 1;
  return gfn > last && isRam(config, last)
    ? { hint: `The last page of its RAM is "0x${(last * PAGE_SIZE).toString(16)}".` }
    : {};
}

/** Whether all pages are RAM or holes: both come in few long runs, so it is enough to look at their ends. */
function isAllPlaces(config: Config, from: number, to: number): boolean {
  const ends = [0xa0, 0xc0, 0xf0000, 0x100000].map((gfn) => gfn * PAGE_SIZE);
  return [from, to - 1, ...ends.filter((end) => end > from && end < to)].every((gpa) => isPlace(config, gpa));
}

export function checkRandom(config: Config, o: FileRandom, shift: number): Wrong | undefined {
  const from = o.from + shift;
  const to = o.to + shift;
  if (from % o.size !== 0) return unaligned('from', from, o.size, shift);
  if (to - from < o.size) return { field: 'to', message: 'must lie behind "from", by one access at least' };
  if (isAllPlaces(config, from, to)) return undefined;
  return {
    field: isPlace(config, from) ? 'to' : 'from',
    message: `not all in between lies in ${places(config).replace(' nor ', ' or ')}`,
  };
}

function checkValue({ size, value }: { readonly size: number; readonly value: bigint }): Wrong | undefined {
  if (value < 1n << BigInt(size * 8)) return undefined;
  const fits = [2, 4, 8].find((more) => value < 1n << BigInt(more * 8));
  return {
    field: 'value',
    message: `does not fit in ${size === 1 ? '1 byte' : `${size} bytes`}`,
    ...(fits === undefined ? {} : { hint: `It takes "size": ${fits}.` }),
  };
}

function checkDriverOp(config: Config, o: DriverOp, shift: number, vcpu: number, n: number): Wrong | undefined {
  if (vcpu !== 0) return { field: 'op', message: 'the GPU driver runs on vCPU 0: move it to the first program' };
  if ('gma' in o) {
    const gma = o.gma + shift;
    if (gma < 0 || gma % PAGE_SIZE !== 0)
      return {
        field: 'gma',
        message: 'must be the start of a 4 KiB page',
        hint: "The loop's stride must be a multiple of 4096.",
      };
    if (gma + o.size * PAGE_SIZE > 2 ** 48)
      return { field: 'size', message: 'reaches past the 48 bits of a GPU address' };
  }
  const op = config.programs[0]?.[n];
  if (op?.op !== 'bind' || isAllRam(config, op.gfn, op.pages)) return undefined;
  const field = o.op === 'bind' && o.gpa !== undefined ? 'gpa' : 'size';
  return { field, message: `the buffer does not fit in the guest's RAM (${formatBytes(config.memory)})` };
}
