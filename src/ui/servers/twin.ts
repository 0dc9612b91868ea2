/** The servers as a table of text: each with its claim, its ranges, its slots and its ring. */
import type { ServerPicture, SlotPicture } from '../../worker/protocol';
import { SERVERS } from '../../words/labels';
import { typeWord } from '../../words/panes';
import { FLAG_NAMES, FULL, RANGES } from '../../words/servers';
import { frameOf, rangeOf, sizeOf, usedOf, type RangeSet } from './sets';

/** As Twin.svelte takes it. */
interface TwinRow {
  readonly key: string;
  readonly cells: readonly string[];
  readonly go?: (() => unknown) | undefined;
}

/** So many ranges of a set are said one by one; the list of all of them is beside the twin. */
const MOST = 16;

export function twinRows(
  servers: readonly ServerPicture[],
  slots: readonly SlotPicture[],
  sets: readonly RangeSet[],
  typeNames: readonly string[],
  states: readonly string[],
  /** A claim, not ranges, decides who gets a write. */
  claims: boolean,
  select: (gfn: number) => unknown,
): TwinRow[] {
  const nameOf = (id: number): string => servers.find((server) => server.id === id)?.name ?? FULL.server(id);
  const of = (key: string, what: string, whose: string, now: string, go?: () => unknown): TwinRow => ({
    key,
    cells: [what, whose, now],
    go,
  });
  return [
    ...servers.map((server) =>
      of(`s${server.id}`, FULL.server(server.id), server.name, standing(server, typeNames, claims)),
    ),
    ...sets.flatMap((set) =>
      set.rows.flatMap((row) => [
        of(`${set.name}${row.server.id}`, RANGES.set(set.name), row.server.name, usedOf(set, row)),
        ...row.ranges.slice(0, MOST).map((range, i) => {
          const gfn = frameOf(set, range);
          return of(
            `${set.name}${row.server.id}:${i}`,
            RANGES.member(RANGES.set(set.name)),
            row.server.name,
            `${rangeOf(set, range.start, range.end)}, ${sizeOf(set, range)}`,
            gfn === null ? undefined : () => select(gfn),
          );
        }),
      ]),
    ),
    ...slots.map(({ vcpu, server, state, orphaned }) =>
      of(
        `slot${server}:${vcpu}`,
        SERVERS.slot(vcpu),
        nameOf(server),
        orphaned ? `${states[state]!}, ${SERVERS.gone(server)}` : states[state]!,
      ),
    ),
    ...servers.flatMap(({ id, name, ring }) =>
      ring
        ? [
            of(
              `ring${id}`,
              SERVERS.ring(ring.atomic),
              name,
              `${SERVERS.ringFilled(ring.pending, ring.cap)}, ${SERVERS.hands(String(ring.read), String(ring.write))}`,
            ),
          ]
        : [],
    ),
  ];
}

function standing(server: ServerPicture, typeNames: readonly string[], claims: boolean): string {
  const { enabled, isDefault, claim, types, entries, ring } = server;
  const flags = FLAG_NAMES.filter((_, bit) => claim & (1 << bit));
  const words = [isDefault ? SERVERS.isDefault(ring !== null) : enabled ? FULL.enabled : FULL.disabled];
  if (claim !== 0)
    words.push(
      FULL.claims(types.map((type) => typeWord(typeNames[type], type))),
      FULL.flags(flags),
      FULL.entries(entries),
    );
  else if (!isDefault) words.push(claims ? SERVERS.noClaim : SERVERS.byRange);
  return FULL.state(words);
}
