/** `npm run bench`: how fast the model is on this machine. Each figure stands beside one taken in the same run to judge it by. */
import { GIB, PAGE_SIZE, type Op } from '../engine/config';
import { CHECKPOINT_STEPS, History } from '../engine/history';
import { step } from '../engine/step';
import { World } from '../engine/world';
import { count } from '../words/format';
import { configOf } from './bench/guest';
import { machines } from './bench/machines';
import { median, medians, ms, perSecond, row, RUNS } from './bench/measure';
import { rangesets } from './bench/rangesets';
import { releases } from './bench/release';
import { searches } from './bench/search';
import { trappedWrites } from './bench/trapped-writes';

/** Four levels over one flat array of table numbers: no more than the memory accesses that a walk is made of. */
function bareTables(frames: number): Uint32Array {
  const leaves = Math.ceil(frames / 512);
  const middle = 2 + Math.ceil(leaves / 512);
  const words = new Uint32Array((middle + leaves) * 1024);
  words[0] = 1;
  for (let i = 2; i < middle; i++) words[1024 + (i - 2) * 2] = i;
  for (let i = 0; i < leaves; i++) words[(2 + (i >>> 9)) * 1024 + (i & 511) * 2] = middle + i;
  for (let gfn = 0; gfn < frames; gfn++) words[(middle + (gfn >>> 9)) * 1024 + (gfn & 511) * 2] = gfn;
  return words;
}

/** Where the entry of `gfn` lies: what `P2mTable.lookup` answers. */
function bareWalk(words: Uint32Array, gfn: number): number {
  let table = 0;
  for (let shift = 27; shift > 0; shift -= 9) table = words[(table << 10) | (((gfn >>> shift) & 511) << 1)]!;
  return (table << 10) | ((gfn & 511) << 1);
}

function lookups(): void {
  const memory = 16 * GIB;
  const { store, p2m } = new World(configOf(memory, []));
  // Below the hole for PCI, so that every lookup reaches a leaf.
  const frames = (3 * GIB) / PAGE_SIZE;
  const bare = bareTables(memory / PAGE_SIZE);
  const gfns = Uint32Array.from(
    { length: 1_000_000 },
    (_, i) => 0x100 + ((Math.imul(i, 2654435761) >>> 0) % (frames - 0x100)),
  );
  let sum = 0;
  const [walked, looked, walkedAndRead, lookedAndRead, entry] = medians([
    () => {
      for (const gfn of gfns) sum = (sum + bareWalk(bare, gfn)) | 0;
    },
    () => {
      for (const gfn of gfns) sum = (sum + p2m.table.lookup(gfn)) | 0;
    },
    () => {
      for (const gfn of gfns) sum = (sum + bare[bareWalk(bare, gfn)]!) | 0;
    },
    () => {
      for (const gfn of gfns) sum = (sum + store.tables.get(p2m.table.lookup(gfn))) | 0;
    },
    () => {
      for (const gfn of gfns) sum = (sum + p2m.getEntry(gfn).order) | 0;
    },
  ]) as [number, number, number, number, number];
  const beside = (ours: number, theirs: number): string =>
    `bare walk ${perSecond(gfns.length, theirs)}: ${(theirs / ours).toFixed(2)} of it`;
  row('EPT lookups, random, 16 GiB guest', perSecond(gfns.length, looked), beside(looked, walked));
  row('the same, and the entry read', perSecond(gfns.length, lookedAndRead), beside(lookedAndRead, walkedAndRead));
  row('get_entry, the same', perSecond(gfns.length, entry));
  if (sum === 0.5) throw new Error('nothing was walked');
}

function build(): void {
  const memory = 16 * GIB;
  const frames = memory / PAGE_SIZE;
  const config = configOf(memory, []);
  let bytes = 0;
  const [built, filled] = medians([
    () => {
      bytes = new World(config).store.bytes.tables;
    },
    () => {
      // Two words a frame, as an entry has, different in each so that no fill can cheat.
      const words = new Uint32Array(frames * 2);
      for (let i = 0; i < words.length; i += 2) {
        words[i] = (i << 12) | 7;
        words[i + 1] = 0x80000000;
      }
    },
  ]) as [number, number];
  row(
    'build a 16 GiB guest of 4 KiB pages',
    ms(built),
    `filling as many words ${ms(filled)}: x${(built / filled).toFixed(2)}`,
  );
  row('page tables of it', `${count(bytes)} B`, `${(bytes / frames).toFixed(2)} bytes a frame`);
}

function seeks(): void {
  const pages = 11_200;
  const program: Op[] = [{ op: 'ppgtt_create' }, { op: 'bind', gma: 0, pages, gfn: 0x20000 }];
  const history = new History(new World(configOf(16 * GIB, program)));
  history.run(100_000);
  const { length } = history;
  const replay = median(() => {
    const world = history.at(0);
    for (let n = 1; n <= 2000; n++) step(world, history.choice(n));
  });
  let longest = 0;
  const times = Array.from({ length: 400 }, (_, i) => {
    const to = (Math.imul(i + 1, 2654435761) >>> 0) % (length + 1);
    let steps = 0;
    const start = performance.now();
    history.seek(to, () => steps++);
    longest = Math.max(longest, steps);
    return performance.now() - start;
  }).sort((a, b) => a - b);
  row(
    `seek within ${count(length)} steps, 16 GiB guest`,
    ms(times[200]!),
    `slowest of 400 ${ms(times[399]!)}, most steps replayed ${longest} (checkpoints every ${CHECKPOINT_STEPS})`,
  );
  row('replay 2 000 steps from the start', ms(replay));
}

export async function main(): Promise<number> {
  console.log(`Node ${process.version}, median of ${RUNS} runs\n`);
  lookups();
  machines();
  rangesets();
  releases();
  trappedWrites();
  await searches();
  build();
  seeks();
  return 0;
}
