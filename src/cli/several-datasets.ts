/** What a command that works on several datasets, one after another, comes to. Pure. */
import { mostSevere } from '../nightly/severity.js';

const NOT_ENTITLED = 4;
const INCOMPLETE = 3;

/** The most severe; but keys that may not read one dataset have not failed where another went well: then something is lacking (3). */
export function combinedCode(codes: readonly number[]): number {
  const went = codes.some((code) => code === 0 || code === INCOMPLETE);
  return mostSevere(codes.map((code) => (code === NOT_ENTITLED && went ? INCOMPLETE : code)));
}
