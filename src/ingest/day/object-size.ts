/** An object that is larger than a day of its dataset can be is no day. */
import type { Dataset } from '#market/datasets/dataset.js';
import { SourceError } from '#platform/http/source-error.js';

/** Throws SourceError 'damaged'. `size`: bytes. */
export function checkObjectSize(size: number, { maxObjectBytes }: Dataset): void {
  if (size > maxObjectBytes)
    throw new SourceError('damaged', `it has ${size} bytes, over the dataset's limit of ${maxObjectBytes}`);
}
