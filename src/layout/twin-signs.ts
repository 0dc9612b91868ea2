/** The sign of each side, everywhere: A a filled square, B an open circle, C a triangle, D a cross. */
export interface SideSign {
  readonly d: string;
  readonly filled: boolean;
}

/** About the origin, `r` its half width. */
export function sideSign(side: number, r: number): SideSign {
  switch (side) {
    case 0:
      return { d: `M${-r} ${-r}h${2 * r}v${2 * r}h${-2 * r}z`, filled: true };
    case 1:
      return { d: `M${-r} 0a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`, filled: false };
    case 2:
      return { d: `M0 ${-r}L${r} ${r}H${-r}z`, filled: true };
    default:
      return { d: `M${-r} ${-r}L${r} ${r}M${r} ${-r}L${-r} ${r}`, filled: false };
  }
}
