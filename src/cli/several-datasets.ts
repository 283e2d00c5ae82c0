/** What a command that works on several datasets, one after another, comes to. Pure. */
import { mostSevere } from '../nightly/severity.js';
import type { CommandResult } from './reported.js';

const NOT_ENTITLED = 4;
const INCOMPLETE = 3;

/** The most severe; but keys that may not read one dataset have not failed where another went well: then something is lacking (3). */
function combinedCode(codes: readonly number[]): number {
  const went = codes.some((code) => code === 0 || code === INCOMPLETE);
  return mostSevere(codes.map((code) => (code === NOT_ENTITLED && went ? INCOMPLETE : code)));
}

/** The results of a command's datasets as the command's; `more`: fields of the document beside theirs. */
export function combined(
  results: readonly CommandResult[],
  more: Readonly<Record<string, unknown>> = {},
): CommandResult {
  return {
    exitCode: combinedCode(results.map(({ exitCode }) => exitCode)),
    message: results.find(({ message }) => message !== undefined)?.message,
    text: results.map(({ text = '' }) => text).join(''),
    document: { ...more, datasets: results.flatMap(({ document }) => document?.['datasets'] ?? []) },
  };
}
