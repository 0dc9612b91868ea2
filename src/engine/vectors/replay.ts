/** Replays a file of the oracle that is kept here. For tests only: it needs Node. */
import { FAMILIES, parseVectors, vectorFile } from '../replay/index';
import type { Outcome } from '../replay/types';
import { loadText } from './load';

/** What a file, named as it lies here without `.gz`, gives. Its place says which revision it was measured at. */
export function replayVectors(name: string): Outcome {
  const { family, revision } = vectorFile(name)!;
  return FAMILIES[family]!(parseVectors(name, loadText(name)), revision);
}

/** An outcome without a difference. */
export const agreed = (total: number): Outcome => ({ total, agreed: total, differences: [] });
