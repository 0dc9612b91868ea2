/** Labels beside the marks of the lanes, for the step that is shown: what it did is always named, the rest as room allows. */
import { keyOf, type ChainMarks, type Stub } from '../../layout/lane-chain';
import { CROSS, labelBoxes, places, point, type LabelWish } from '../../layout/lane-picture';
import type { Box, Segment } from '../../layout/labels';
import { CHAIN, LANES } from '../../words/lanes';
import type { EventId } from '../../engine/trace';
import { nowOn, TEXT, type Ground } from './ground';
import type { LaneDot, LaneMarks } from './marks';
import { textWidth } from './text-width';

/** Left and right of a label, so that two do not read as one. */
export const PAD = 4;

export interface LaneLabel {
  readonly key: string;
  readonly box: Box;
  readonly text: string;
  readonly future: boolean;
  readonly bold: boolean;
  readonly quiet: boolean;
  readonly broke: boolean;
  /** It lies on the ground of what is to come. */
  readonly ahead: boolean;
  /** A step beyond the edge, where a press leads; null: it names a mark. */
  readonly leads: number | null;
}

/** What is lit: the chain from the first cause to the event that was chosen; empty: everything is shown alike. */
export interface Lit {
  readonly keys: ReadonlySet<string>;
  readonly chosen: string | null;
  readonly lines: readonly Segment[];
  /** Where it leaves what is shown. */
  readonly stubs: readonly Stub[];
}

/** What a chain lights, the event that was chosen being its last. */
export const litBy = (chain: readonly EventId[], marks: ChainMarks | null): Lit => {
  const keys = chain.map(keyOf);
  return { keys: new Set(keys), chosen: keys.at(-1) ?? null, lines: marks?.links ?? [], stubs: marks?.stubs ?? [] };
};

/** The dot of now: the last event of the step. */
export const nowKey = (dots: readonly LaneDot[], step: number): string | null => {
  let key: string | null = null;
  for (const dot of dots) if (dot.event.step === step) key = dot.key;
  return key;
};

type Told = LabelWish<string> & Omit<LaneLabel, 'box' | 'ahead'>;

export function laneLabels(marks: LaneMarks, ground: Ground, step: number, font: string, lit: Lit): LaneLabel[] {
  const { plane, plan, even } = ground;
  const { dots, arrows, lost, locks, waits, ends } = marks;
  const { down } = plane;
  const now = nowOn(ground, step);
  const here = nowKey(dots, step);
  const chained = lit.keys.size > 0;
  const told = (dot: LaneDot): Told => {
    const bold = dot.key === here || dot.key === lit.chosen;
    const w = textWidth(dot.text, bold ? `600 ${font}` : font) + 2 * PAD;
    return {
      key: dot.key,
      width: w,
      places: places(plane, dot.lane, dot.at, w, dot.key === here),
      weight: weigh(dot),
      must: dot.event.step === step || lit.keys.has(dot.key),
      text: dot.text,
      future: dot.event.step > step,
      bold,
      quiet: false,
      broke: dot.broke,
      leads: null,
    };
  };
  const talking = new Set(arrows.flatMap(({ to }) => [to]));
  /** Where the window stays, labels stay as well; where it follows, those near now come first. */
  const weigh = ({ key, event, broke }: LaneDot): number => {
    if (key === here) return 1000;
    if (event.step === step) return 500 + event.index / 100;
    if (lit.keys.has(key)) return 400;
    if (!even) return -Math.abs(event.step - step) - event.index / 100;
    return (broke ? 300 : 0) + (event.errno ? 200 : 0) + (talking.has(key) ? 100 : 0);
  };
  const wishes = dots.filter(({ key }) => !chained || lit.keys.has(key) || key === here).map(told);
  const aside = (key: string, text: string, boxes: Box[], width: number): void => {
    const plain = { future: false, bold: false, quiet: true, broke: false, leads: null };
    wishes.push({ key, width, places: boxes, weight: -4.5, must: false, text, ...plain });
  };
  for (const stub of lit.stubs) {
    const text = CHAIN.stub(stub.step, stub.events);
    const width = textWidth(text, font) + 2 * PAD;
    const plain = { future: false, bold: false, quiet: false, broke: false, leads: stub.step };
    const key = `stub ${stub.side}`;
    wishes.push({ key, width, places: besideStub(stub, width, down), weight: 450, must: true, text, ...plain });
  }
  if (!chained) {
    for (const { key, lane, from, to } of waits) {
      const text = down ? LANES.waitsShort : LANES.waits;
      const w = textWidth(text, font) + 2 * PAD;
      aside(`wait ${key}`, text, along(point(plane, lane, from), to - from, w, down), w);
    }
    for (const lock of locks) {
      const w = textWidth(lock.name, font) + 2 * PAD;
      const y = lock.y + lock.h / 2 - TEXT / 2;
      const side = [0.3, 0.5, 0.7].map((f) => ({ x: lock.x - w - 4, y: lock.y + lock.h * f, w, h: TEXT }));
      const right = { x: lock.x + lock.w + 5, y: y + 3, w, h: TEXT };
      const below = [0.5, 0.2, 0.8].map((f) => ({ x: lock.x + (lock.w - w) * f, y: lock.y + lock.h + 1, w, h: TEXT }));
      aside(`lock ${lock.key}`, lock.name, down ? side : [right, ...below], w);
    }
    for (const one of lost) {
      const w = textWidth(LANES.lost, font) + 2 * PAD;
      const y = one.y2 - TEXT / 2;
      aside(
        `lost ${one.key}`,
        LANES.lost,
        [
          { x: one.x2 + 6, y, w, h: TEXT },
          { x: one.x2 - w - 6, y, w, h: TEXT },
        ],
        w,
      );
    }
  }
  const crosses = ends.flatMap((end, i) => {
    const { x, y } = point(plane, i, end?.at ?? 0);
    return end ? [{ x: x - CROSS, y: y - CROSS, w: 2 * CROSS, h: 2 * CROSS }] : [];
  });
  // The names of the lanes stand left of them.
  const names = down ? [] : [{ x: 0, y: 0, w: plan.start - 14, h: plane.height }];
  const drawn = chained ? dots.filter(({ key }) => lit.keys.has(key) || key === here) : dots;
  const lines = chained ? lit.lines : [...arrows, ...lost];
  const boxes = labelBoxes(plane, wishes, drawn, [...(chained ? [] : locks), ...crosses, ...names], lines, now.at);
  const ahead = now.ahead ?? (down ? plan.plane.h : plan.plane.w);
  return wishes.flatMap((wish) => {
    // Where the chain leaves the picture is said in any case.
    const box = boxes.get(wish.key) ?? (wish.leads === null ? undefined : wish.places[0]);
    return box ? [{ ...wish, box, ahead: (down ? box.y + box.h / 2 : box.x + box.w / 2) > ahead }] : [];
  });
}

/** Places for a word along a waiting line: above it, or left of it where time runs down. */
const along = ({ x, y }: { x: number; y: number }, length: number, w: number, down: boolean): Box[] =>
  [0.3, 0.5, 0.15, 0.7, 0.85].map((f) =>
    down ? { x: x - w - 6, y: y + length * f, w, h: TEXT } : { x: x + length * f - w / 2, y: y - 6 - TEXT, w, h: TEXT },
  );

/** Places for the step beyond an edge: inside it, above or below the lane; beside it where time runs down. */
const besideStub = ({ x, y, side }: Stub, w: number, down: boolean): Box[] => {
  if (down) return [x + 6, x - w - 6].map((bx) => ({ x: bx, y: y - TEXT / 2, w, h: TEXT }));
  const bx = side < 0 ? x : x - w;
  return [y - 6 - TEXT, y + 8, y - 10 - 2 * TEXT, y + 10 + TEXT].map((by) => ({ x: bx, y: by, w, h: TEXT }));
};

export const isEvent = (a: EventId | null, b: EventId | null | undefined): boolean =>
  a !== null && b !== null && b !== undefined && keyOf(a) === keyOf(b);
