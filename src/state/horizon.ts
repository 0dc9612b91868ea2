/**
 * What views may tell of a run that is known to its end: nothing past the horizon, which is the step shown while a question is
 * open. What is cut off is as if the run had not come so far yet; only its length stays, and where it asks something. Pure
 * functions of plain data; the session reads them, and views read the session.
 */
import { noCosts } from '../engine/trace';
import { OUTCOMES, type Picture, type SessionInfo, type WriteColumns } from '../worker/protocol';

/** No end: nobody reads it where it is not told. */
const UNTOLD: SessionInfo['end'] = { hash: '', broken: [], costs: noCosts() };
const PENDING = OUTCOMES.indexOf('pending');

/** A run up to step `horizon`, that one included. A run that ends by then is the same object. */
export function infoTo(info: SessionInfo, horizon: number): SessionInfo {
  if (horizon >= info.steps) return info;
  const kinds = new Uint8Array(info.kinds.length);
  kinds.set(info.kinds.subarray(0, horizon));
  return {
    ...info,
    kinds,
    calls: info.calls.filter((step) => step <= horizon),
    writes: writesTo(info.writes, horizon),
    past: pastTo(info.past, horizon),
    samples: samplesTo(info, horizon),
    complete: false,
    // An act at a step makes the next one.
    acts: info.acts.filter(({ step }) => step < horizon),
    end: UNTOLD,
    prompts: info.prompts.map((it) => it && { ...it, until: Math.min(it.until, Math.max(it.step, horizon)) }),
    notes: info.notes.filter(({ step }) => step <= horizon),
  };
}

/** The last step of which an info tells. */
export const toldTo = ({ past }: Pick<SessionInfo, 'past'>): number => past.actors.length;

/** A picture of a step up to the horizon, without what lies past it or would be tried there; null: it is of a later step. */
export function pictureTo(picture: Picture, horizon: number): Picture | null {
  if (picture.step > horizon) return null;
  const { lanes, chain, charts } = picture;
  const last = chain?.at(-1);
  return {
    ...picture,
    lanes: lanes && lanesTo(lanes, horizon),
    chain: last && last.step > horizon ? [] : chain,
    charts: charts && { ...charts, offers: [] },
    operations: [],
    next: null,
  };
}

function lanesTo(lanes: Picture['lanes'], horizon: number): Picture['lanes'] {
  const cut = <S extends { readonly from: number; readonly to: number }>(spans: readonly S[]): S[] =>
    spans.filter(({ from }) => from <= horizon).map((span) => ({ ...span, to: Math.min(span.to, horizon) }));
  return {
    from: lanes.from,
    to: Math.max(lanes.from, Math.min(lanes.to, horizon)),
    events: lanes.events.filter(({ step }) => step <= horizon),
    locks: cut(lanes.locks),
    waits: cut(lanes.waits),
    ends: lanes.ends.filter(({ at }) => at <= horizon),
  };
}

/** Rows are in the order of the steps that began them. One that is not over by then is under way. */
function writesTo(writes: WriteColumns, horizon: number): WriteColumns {
  let length = 0;
  while (length < writes.length && writes.from[length]! <= horizon) length++;
  const cut = {
    length,
    from: writes.from.slice(0, length),
    to: writes.to.slice(0, length),
    gpa: writes.gpa.slice(0, length),
    size: writes.size.slice(0, length),
    old: writes.old.slice(0, length * 2),
    new: writes.new.slice(0, length * 2),
    outcome: writes.outcome.slice(0, length),
    server: writes.server.slice(0, length),
    level: writes.level.slice(0, length),
  };
  for (let i = 0; i < length; i++) {
    if (cut.to[i]! > 0 && cut.to[i]! <= horizon) continue;
    cut.to[i] = 0;
    cut.outcome[i] = PENDING;
    cut.server[i] = 0;
    cut.new.set(cut.old.subarray(i * 2, i * 2 + 2), i * 2);
  }
  return cut;
}

function pastTo(past: SessionInfo['past'], horizon: number): SessionInfo['past'] {
  const spans = (
    from: Uint32Array,
    to: Uint32Array,
  ): [Uint32Array<ArrayBuffer>, Uint32Array<ArrayBuffer>, number[]] => {
    const kept = [...from.keys()].filter((i) => from[i]! <= horizon);
    return [Uint32Array.from(kept, (i) => from[i]!), Uint32Array.from(kept, (i) => Math.min(to[i]!, horizon)), kept];
  };
  const [lockFrom, lockTo] = spans(past.lockFrom, past.lockTo);
  const [waitFrom, waitTo, waits] = spans(past.waitFrom, past.waitTo);
  const waitVcpu = Uint8Array.from(waits, (i) => past.waitVcpu[i]!);
  return { actors: past.actors.slice(0, horizon), lockFrom, lockTo, waitFrom, waitTo, waitVcpu };
}

function samplesTo({ samples, lanes }: SessionInfo, horizon: number): SessionInfo['samples'] {
  let n = 0;
  while (n < samples.at.length && samples.at[n]! <= horizon) n++;
  const row = samples.at.length > 0 ? samples.costs.length / samples.at.length : lanes.length;
  return {
    at: samples.at.slice(0, n),
    costs: samples.costs.slice(0, n * row),
    outstanding: samples.outstanding.slice(0, n),
  };
}
