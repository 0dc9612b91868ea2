/** A, B, C: the options by their place. */
export const lettersOf = (at: number): string => String.fromCharCode(65 + at);
