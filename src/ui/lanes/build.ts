/** From the lanes of a picture to everything that is drawn: lanes, circles, arrows, bars, labels. */
import { crop, eventsPerStep, foldLanes, messages, placeEvents, stepScale, type Dot } from '../../layout/lanes';
import {
  arrow,
  labelBoxes,
  lockBar,
  places,
  point,
  RADIUS,
  type LabelWish,
  type Plane,
} from '../../layout/lane-picture';
import type { Box, Segment } from '../../layout/labels';
import type { Actor } from '../../engine/trace';
import type { LanesPicture, SessionInfo } from '../../worker/protocol';
import { LANES } from '../../words/panes';
import { actorName } from '../../words/labels';
import { short } from '../../words/short';
import { textWidth } from './text-width';

type Event = LanesPicture['events'][number];

export interface Drawn {
  readonly plane: Plane;
  readonly from: number;
  readonly to: number;
  /** Lanes that are not drawn, in words; '' where a line of the picture says it, or there are none. */
  readonly hidden: string;
  readonly lanes: readonly {
    name: string;
    busy: boolean;
    across: number;
    actor: Actor | null;
    /** Where it ends for good, and whether that is still to come; null: it goes on. */
    end: { at: number; future: boolean } | null;
  }[];
  readonly start: number;
  readonly end: number;
  readonly now: number;
  readonly dots: readonly (Dot<Event> & { x: number; y: number; text: string; future: boolean; now: boolean })[];
  readonly arrows: readonly (Segment & { head: string; future: boolean; now: boolean })[];
  readonly waits: readonly (Segment & { future: boolean })[];
  readonly locks: readonly (Box & { name: string })[];
  readonly labels: readonly {
    key: string;
    box: Box;
    text: string;
    future: boolean;
    now: boolean;
    quiet: boolean;
    /** It lies on the ground of what is to come. */
    ahead: boolean;
  }[];
}

const TEXT = 15;
/** Left and right of a label, so that two do not read as one. */
export const PAD = 4;
const MOST_LANES = 6;
/** Half the width of the cross at the end of a lane. */
export const CROSS = 5;

export function build(
  picture: LanesPicture,
  { lanes: all, paging }: Pick<SessionInfo, 'lanes' | 'paging'>,
  step: number,
  size: { readonly width: number; readonly height: number; readonly down: boolean; readonly font: string },
): Drawn {
  const { width, height, down, font } = size;
  const everyStep = eventsPerStep(picture.events);
  const start = down ? 34 : 92;
  const end = (down ? height : width) - (down ? 10 : 14);
  // A step takes at least this much, so that circles and their labels stay apart.
  const { from, to } = crop(picture, step, everyStep, (end - start) / (down ? 27 : 21));
  const events = picture.events.filter((event) => event.step >= from && event.step <= to);
  const perStep = eventsPerStep(events);
  const acting = new Set(events.map((event) => event.actor));
  const waiting = new Set(picture.waits.map((wait) => wait.actor));
  const most = down ? 3 : Math.min(MOST_LANES, Math.floor(height / 29));
  const { shown, ...folded } = foldLanes(all, acting, waiting, most);
  const hidden = LANES.folded(folded.waits, folded.idle);
  const rows: { name: string; busy: boolean; actor: Actor | null }[] = [
    ...shown.map((actor) => ({ name: actorName(actor), busy: acting.has(actor) || waiting.has(actor), actor })),
    ...(hidden !== '' && !down ? [{ name: hidden, busy: false, actor: null }] : []),
  ];
  const lanes = rows.map((_, i) => across(i, rows.length, down, width, height));
  const plane: Plane = { width, height, down, lanes, text: TEXT, r: RADIUS };
  const scale = stepScale(from, to, perStep, start, end);
  const now = scale(Math.max(from - 1, step));
  const placed = placeEvents(events, shown, scale, perStep);
  const last = placed.findLast((dot) => dot.event.step === step);
  const dots = placed.map((dot) => ({
    ...dot,
    ...point(plane, dot.lane, dot.at),
    text: short(dot.event, paging),
    future: dot.event.step > step,
    now: dot === last,
  }));
  const arrows = messages(placed).map((pair) => ({
    ...arrow(plane, pair.from, pair.to),
    future: pair.to.event.step > step,
    now: pair.to === last,
  }));
  const clip = (at: number): number => scale(Math.min(Math.max(at, from - 1), to));
  const within = (span: { from: number; to: number }): boolean => span.to >= from - 1 && span.from <= to;
  const ends = rows.map(({ actor }) => {
    const end = picture.ends.find((one) => one.actor === actor);
    return end && end.at <= to ? { at: clip(end.at), future: end.at > step } : null;
  });
  const locks = picture.locks
    .filter((lock) => within(lock) && shown.includes(lock.actor))
    .map((lock) => ({
      ...lockBar(plane, shown.indexOf(lock.actor), clip(lock.from), clip(lock.to)),
      name: lock.name,
    }));
  const waits = picture.waits
    .filter((wait) => within(wait) && shown.includes(wait.actor))
    .flatMap((wait) => {
      const lane = shown.indexOf(wait.actor);
      const [a, b] = [clip(wait.from), clip(wait.to)];
      const part = (begin: number, stop: number, future: boolean): (Segment & { future: boolean })[] => {
        const p = point(plane, lane, begin);
        const q = point(plane, lane, stop);
        return stop > begin ? [{ x1: p.x, y1: p.y, x2: q.x, y2: q.y, future }] : [];
      };
      return [...part(a, Math.min(b, now), false), ...part(Math.max(a, now), b, true)];
    });

  const wishes: (LabelWish<string> & { text: string; future: boolean; now: boolean; quiet: boolean })[] = dots.map(
    (dot) => {
      const w = textWidth(dot.text, dot.now ? `600 ${font}` : font) + 2 * PAD;
      const near = -Math.abs(dot.event.step - step) - dot.event.index / 100;
      return {
        key: `${dot.event.step}:${dot.event.index}`,
        width: w,
        places: places(plane, dot.lane, dot.at, w, dot.now),
        weight: dot.now ? 1000 : dot.event.step === step ? 500 + near : near,
        must: dot.event.step === step,
        text: dot.text,
        future: dot.future,
        now: dot.now,
        quiet: false,
      };
    },
  );
  const aside = (key: string, text: string, boxes: Box[], w: number): void => {
    wishes.push({
      key,
      width: w,
      places: boxes,
      weight: -4.5,
      must: false,
      text,
      future: false,
      now: false,
      quiet: true,
    });
  };
  for (const [i, wait] of waits.entries()) {
    if (wait.future && i > 0) continue;
    const text = down ? LANES.waitsShort : LANES.waits;
    const w = textWidth(text, font) + 2 * PAD;
    aside(`wait${i}`, text, along(wait, w, down), w);
  }
  for (const [i, lock] of locks.entries()) {
    const w = textWidth(lock.name, font) + 2 * PAD;
    const y = lock.y + lock.h / 2 - TEXT / 2;
    const side = down ? [0.3, 0.5, 0.7].map((f) => ({ x: lock.x - w - 4, y: lock.y + lock.h * f, w, h: TEXT })) : [];
    const right = { x: lock.x + lock.w + 5, y: y + 3, w, h: TEXT };
    const below = [0.5, 0.2, 0.8].map((f) => ({ x: lock.x + (lock.w - w) * f, y: lock.y + lock.h + 1, w, h: TEXT }));
    aside(`lock${i}`, lock.name, down ? side : [right, ...below], w);
  }
  const crosses = ends.flatMap((end, i) => {
    const { x, y } = point(plane, i, end?.at ?? 0);
    return end ? [{ x: x - CROSS, y: y - CROSS, w: 2 * CROSS, h: 2 * CROSS }] : [];
  });
  const boxes = labelBoxes(plane, wishes, dots, [...locks, ...crosses], arrows, now);
  const labels = wishes.flatMap((wish) => {
    const box = boxes.get(wish.key);
    return box ? [{ ...wish, box, ahead: (down ? box.y : box.x) > now }] : [];
  });
  return {
    plane,
    from,
    to,
    start,
    end,
    now,
    hidden: down ? hidden : '',
    lanes: rows.map((row, i) => ({ ...row, across: lanes[i]!, end: ends[i]! })),
    dots,
    arrows,
    waits,
    locks,
    labels,
  };
}

function across(i: number, n: number, down: boolean, width: number, height: number): number {
  if (down) return n === 1 ? width / 2 : 44 + ((width - 44 - 62) * i) / (n - 1);
  const top = 24;
  const pitch = Math.min(46, (height - top - 22) / Math.max(1, n - 1));
  return Math.round(top + pitch * i) + 0.5;
}

/** Places for a word along a waiting line: above it, or left of it where time runs down. */
function along(line: Segment, w: number, down: boolean): Box[] {
  return [0.3, 0.5, 0.15, 0.7, 0.85].map((f) =>
    down
      ? { x: line.x1 - w - 6, y: line.y1 + (line.y2 - line.y1) * f, w, h: TEXT }
      : { x: line.x1 + (line.x2 - line.x1) * f - w / 2, y: line.y1 - 6 - TEXT, w, h: TEXT },
  );
}
