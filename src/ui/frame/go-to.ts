/** Where a number that is typed may lead: a step, a frame, an address of the guest's or of its GPU's. */
import type { Session } from '../../state/session.svelte';
import { command } from '../../words/commands';
import { count, gpuAddress, hex, parseHex, parsePlace } from '../../words/format';
import { LINES } from '../../words/lines';
import type { Command } from './commands';

export type Target =
  | { readonly to: 'step'; readonly step: number }
  | { readonly to: 'frame'; readonly gfn: number }
  | { readonly to: 'address'; readonly gfn: number; readonly address: number }
  | { readonly to: 'gpu'; readonly gma: number };

const PAGE = 4096;
/** A word before the number says which of them is meant. */
const KINDS: Readonly<Record<string, Target['to']>> = {
  step: 'step',
  frame: 'frame',
  gfn: 'frame',
  page: 'frame',
  address: 'address',
  gpa: 'address',
  gpu: 'gpu',
  gma: 'gpu',
};

/** What `text` may mean in a run of `steps` on a guest of `frames`; the likeliest first. Decimal digits alone are a step. */
export function targets(text: string, steps: number, frames: number): readonly Target[] {
  const match = /^\s*(?:([a-z]+)\s+)?(.*?)\s*$/i.exec(text.replace(/^\s*go\s+to\s+/i, ''));
  const word = match?.[1]?.toLowerCase();
  const kind = word === undefined ? null : KINDS[word];
  const typed = match?.[2] ?? '';
  // A word of letters that happen to be digits is a word.
  if (kind === undefined || !/\d/.test(typed)) return [];
  const out: Target[] = [];
  const decimal = /^\d[\d\s\u202f]*$/.test(typed) ? Number(typed.replace(/[\s\u202f]/g, '')) : null;
  if (decimal !== null && decimal <= steps) out.push({ to: 'step', step: decimal });
  const n = parseHex(typed);
  if (n === null) {
    const gfn = parsePlace(typed, frames);
    if (gfn !== null) out.push({ to: 'address', gfn, address: gfn * PAGE });
  } else {
    if (n < frames) out.push({ to: 'frame', gfn: n });
    if (n >= PAGE && n / PAGE < frames) out.push({ to: 'address', gfn: Math.floor(n / PAGE), address: n });
    if (n >= PAGE && n < 2 ** 48) out.push({ to: 'gpu', gma: n });
  }
  return kind === null ? out : out.filter(({ to }) => to === kind);
}

/** The same as commands. */
export function goTo(session: Session, text: string): readonly Command[] {
  const { info } = session;
  if (!info) return [];
  return targets(text, info.steps, info.guest.frames).map((target) => ({
    line: lineOf(target),
    name: nameOf(target),
    group: 'goto',
    keys: [],
    why: null,
    run: () => {
      if (target.to === 'step') return session.seek(target.step);
      if (target.to === 'gpu') return session.look({ gma: target.gma });
      return session.select(target.gfn);
    },
  }));
}

function lineOf(target: Target): string {
  switch (target.to) {
    case 'step':
      return LINES.seek(target.step);
    case 'frame':
      return LINES.frame(target.gfn);
    case 'address':
      return LINES.gpa(target.address);
    case 'gpu':
      return LINES.gma(target.gma);
  }
}

function nameOf(target: Target): string {
  switch (target.to) {
    case 'step':
      return command.step(count(target.step));
    case 'frame':
      return command.frame(hex(target.gfn));
    case 'address':
      return command.address(hex(target.address), hex(target.gfn));
    case 'gpu':
      return command.gpu(gpuAddress(target.gma));
  }
}
