/** Replays a file of the oracle that is kept here. For tests only: it needs Node. */
import { FAMILIES, parseVectors, vectorFile } from '../replay/index';
import { revisionOf } from '../replay/revision';
import type { Outcome } from '../replay/types';
import { loadText } from './load';

/**
 * What a file, named as it lies here without `.gz`, gives. Its place says which revision it was measured at; `other` names
 * another one whose file is the same byte for byte, and so is not kept.
 */
export function replayVectors(name: string, other?: string): Outcome {
  const { family, revision } = vectorFile(name)!;
  const at = other === undefined ? revision : revisionOf(other)!;
  return FAMILIES[family]!(parseVectors(name, loadText(name)), at);
}

/** An outcome without a difference. */
export const agreed = (total: number): Outcome => ({ total, agreed: total, differences: [] });
