/** Pages as cells in the order of their numbers, row by row: one path a kind of page. */
export interface PageGrid {
  readonly width: number;
  readonly height: number;
  readonly cell: number;
  /** By what a page is, a path of all such cells. */
  readonly paths: readonly string[];
  /** The cell of a page. */
  at(page: number): { readonly x: number; readonly y: number };
}

const LARGE = 14;
const LEAST = 4;
/** Rows that it takes at the most, where cells can be made that small. */
const MOST_ROWS = 8;

export function pageGrid(pages: Uint8Array, kinds: number, width: number): PageGrid {
  const n = Math.max(1, pages.length);
  let cell = LARGE;
  while (cell > LEAST && Math.ceil(n / Math.max(1, Math.floor(width / cell))) > MOST_ROWS) cell -= 2;
  const columns = Math.max(1, Math.floor(width / cell));
  const paths = Array.from({ length: kinds }, () => '');
  const at = (page: number) => ({ x: (page % columns) * cell, y: Math.floor(page / columns) * cell });
  pages.forEach((is, page) => {
    const { x, y } = at(page);
    paths[is] += `M${x} ${y}h${cell - 1}v${cell - 1}h${1 - cell}z`;
  });
  return { width: Math.min(n, columns) * cell, height: Math.ceil(n / columns) * cell, cell, paths, at };
}
