/** What a p2m type is called where its name is short of its prefix. */

/** `p2m_ioreq_server` -> `ioreq_server`. */
export const typeWord = (name: string | undefined, type: number): string =>
  name?.replace(/^p2m_/, '') ?? `type ${type}`;
