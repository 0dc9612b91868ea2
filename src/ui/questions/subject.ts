/** What a question is about, to be drawn beside it: pages, and how full a set of ranges is. */
import { CELL_COUNTS, IOREQ_SERVER, TYPE_LOOKS } from '../../layout/types';
import type { Picture, Question, SessionInfo } from '../../worker/protocol';
import { framesAbout, MOST, type FrameMark } from './frames';

const PAGE = 4096;
const CELL = 512;

/** The page that a question is about; null: it is of none in particular. */
export function pageOf({ gfn, about }: Question): number | null {
  if (gfn !== null || !about) return gfn;
  const { code, params } = about;
  if (code === 'dm.mapRange' || code === 'dm.unmapRange') return Math.floor(params.start / PAGE);
  if (code === 'call.mapRange' || code === 'call.unmapRange') {
    if (params.list === 'memory') return Math.floor(params.start / PAGE);
    return params.list === 'wp_mem' ? params.start : null;
  }
  return 'gfn' in params && !('port' in params && params.port !== undefined) ? params.gfn : null;
}

const isServers = (type: number): boolean => type >= IOREQ_SERVER && type < TYPE_LOOKS.length;

/** First frame of the cell with the first page of a server's type; null: there is no such page. `cells`: as the session has them. */
export function watchedCell(cells: Uint16Array): number | null {
  for (let at = 0; at < cells.length; at += CELL_COUNTS)
    for (let type = IOREQ_SERVER; type < TYPE_LOOKS.length; type++)
      if (cells[at + type]! > 0) return (at / CELL_COUNTS) * CELL;
  return null;
}

/** The page that is asked about and its neighbours; else the first pages that are of a server's type. */
export function marksOf(picture: Picture, gfn: number | null): readonly FrameMark[] {
  if (gfn !== null) return framesAbout(picture, gfn);
  const { first, types } = picture.frames;
  const found: number[] = [];
  for (let i = 0; i < types.length && found.length < MOST; i++) if (isServers(types[i]!)) found.push(first + i);
  return found
    .flatMap((at) => framesAbout(picture, at).filter(({ asked }) => asked))
    .map((it) => ({ ...it, asked: false }));
}

/** Pages of servers' types in the guest, by the picture's census. */
export const watchedPages = ({ map }: Picture): number =>
  (map.census ?? []).reduce((sum, n, type) => sum + (isServers(type) ? n : 0), 0);

export interface Ranges {
  readonly server: string;
  readonly count: number;
  readonly cap: number;
}

/** How full the ranges of a server are, where they matter: they are asked for, or decide by themselves. */
export function rangesOf({ servers }: Picture, { claims }: SessionInfo, { about }: Question): Ranges | null {
  const asks = about && /Range$/.test(about.code) && 'server' in about.params ? about.params : null;
  if (!asks && claims) return null;
  const server = servers.find(({ id }) => id === asks?.server) ?? servers.find(({ isDefault }) => !isDefault);
  if (!server) return null;
  const list = asks && 'list' in asks ? asks.list : 'memory';
  const of =
    list === 'memory' || list === 'port' || list === 'pci'
      ? server[list]
      : server.others.find(({ kind }) => kind === list)?.ranges;
  return of ? { server: server.name, count: of.length, cap: server.cap } : null;
}
