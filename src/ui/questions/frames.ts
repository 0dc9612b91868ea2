/** What stands beside a question to a class: at most four frames, the one that it is about among them, and lines of state. */
import { EPT_FIELDS } from '../../engine/ept-entry';
import { PT_FIELDS } from '../../engine/pt-entry';
import { fieldValue } from '../../layout/entry';
import { IOREQ_SERVER, NO_ENTRY } from '../../layout/types';
import type { Picture, SessionInfo } from '../../worker/protocol';
import { count, hex } from '../../words/format';
import { CLASS } from '../../words/questions';

export const MOST = 4;
const NONE = 255;

export interface FrameMark {
  readonly gfn: number;
  /** Stored type number; null: no entry maps it. */
  readonly type: number | null;
  /** It waits for its recalculation. */
  readonly marked: boolean;
  readonly asked: boolean;
}

/** Frames in a row about `gfn`; none where the picture has not got them. */
export function framesAbout({ frames }: Picture, gfn: number): readonly FrameMark[] {
  const { first, types, pending } = frames;
  const end = first + types.length;
  if (gfn < first || gfn >= end) return [];
  const from = Math.max(first, Math.min(gfn - (gfn % MOST), end - MOST));
  return Array.from({ length: Math.min(MOST, types.length) }, (_, i) => from + i).map((at) => ({
    gfn: at,
    type: types[at - first] === NO_ENTRY ? null : types[at - first]!,
    marked: pending[at - first] !== NONE,
    asked: at === gfn,
  }));
}

export interface StateLine {
  readonly name: string;
  /** As Xen writes it. */
  readonly value: string;
  readonly note: string;
}

const RIGHTS = { ept: ['r', 'w', 'x'], npt: ['p', 'rw', 'us'] } as const;

/** Who holds the claim or how many ranges there are, where a mark lies, and what the entry of the frame permits. */
export function stateLines(
  picture: Picture,
  info: SessionInfo,
  gfn: number | null,
  pages: number | null = null,
): readonly StateLine[] {
  const lines: StateLine[] = [];
  const holder = picture.servers.find((server) => server.claim > 0);
  if (info.claims)
    lines.push({ name: CLASS.claim, value: holder?.name ?? CLASS.nobody, note: CLASS.flags(holder?.claim ?? 0) });
  else {
    const owner = picture.servers.find((server) => !server.isDefault);
    if (owner)
      lines.push({
        name: CLASS.ranges,
        value: CLASS.of(count(owner.memory.length), count(owner.cap)),
        note: owner.name,
      });
  }
  if (pages !== null)
    lines.push({ name: CLASS.pages, value: count(pages), note: CLASS.ofType(info.typeNames[IOREQ_SERVER] ?? '') });
  const { entry } = picture;
  if (gfn === null || entry.gfn !== gfn) return lines;
  const frame = framesAbout(picture, gfn).find(({ asked }) => asked);
  if (frame)
    lines.push({
      name: CLASS.mark,
      value: frame.marked ? CLASS.marked : CLASS.unmarked,
      note: frame.marked ? CLASS.markedLong : '',
    });
  const last = entry.path.at(-1);
  if (!last) return lines;
  const fields = info.paging === 'ept' ? EPT_FIELDS : PT_FIELDS;
  const bits = RIGHTS[info.paging].map((name) => {
    const field = fields.find((one) => one.name === name)!;
    return `${name} ${fieldValue(field, last.low, last.high)}`;
  });
  const type = info.typeNames[entry.stored] ?? '';
  return [...lines, { name: CLASS.entry(hex(gfn)), value: bits.join('  '), note: type }];
}
