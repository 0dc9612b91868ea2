/** A sentence in pieces, so that a page can set them: bold for the one thing it is about, mono for what Xen writes. */
export interface Part {
  readonly text: string;
  readonly bold?: boolean;
  readonly mono?: boolean;
}
export type Sentence = readonly Part[];

/** `say('a **bold** word and `code`')`: the two marks of Markdown that a sentence needs. */
export function say(marked: string): Sentence {
  return marked
    .split(/(\*\*[^*]+\*\*|`[^`]+`)/)
    .filter((piece) => piece !== '')
    .map((piece) =>
      piece.startsWith('**')
        ? { text: piece.slice(2, -2), bold: true }
        : piece.startsWith('`')
          ? { text: piece.slice(1, -1), mono: true }
          : { text: piece },
    );
}

export const plain = (sentence: Sentence): string => sentence.map((part) => part.text).join('');
