/** A command that works on several datasets, one after another, and what it comes to. */

import type { Environment } from '#cli/environment.js';
import { judgeError } from '#cli/errors.js';
import type { CommandResult } from '#cli/output/reported.js';
import { EXIT, mostSevere } from '#tasks/exit-code.js';

/** `stopped`: what ended this dataset would end the next as well. */
export type DatasetResult = CommandResult & { readonly stopped?: boolean };

/**
 * The work on each, until one is stopped; `more`: fields of the document beside theirs. What the work throws
 * is thrown where nothing was done before; otherwise what was done is reported too.
 */
export async function oneAfterAnother<T>(
  all: Iterable<T>,
  work: (one: T) => Promise<DatasetResult>,
  environment: Pick<Environment, 'signal' | 'stderr'>,
  more: Readonly<Record<string, unknown>> = {},
): Promise<CommandResult> {
  const results: CommandResult[] = [];
  try {
    for (const one of all) {
      const { stopped, ...result } = await work(one);
      results.push(result);
      if (stopped === true) break;
    }
  } catch (error) {
    if (results.length === 0 || environment.signal.aborted) throw error;
    const { exitCode, message } = judgeError(error);
    environment.stderr(`barloom: ${message}\n`);
    results.push({ exitCode, message });
  }
  return {
    exitCode: combinedCode(results.map(({ exitCode }) => exitCode)),
    message: joined(results.map(({ message }) => message)),
    text: results.map(({ text = '' }) => text).join(''),
    document: { ...more, datasets: results.flatMap(({ document }) => document?.['datasets'] ?? []) },
  };
}

/** Of several works the messages in one; undefined where none has any. */
export function joined(messages: readonly (string | undefined)[]): string | undefined {
  const given = messages.filter((message) => message !== undefined);
  return given.length === 0 ? undefined : given.join('; ');
}

/**
 * The most severe; but keys that may not read one dataset have not failed where another went well: then
 * something is missing (3).
 */
function combinedCode(codes: readonly number[]): number {
  const went = codes.some((code) => code === EXIT.ok || code === EXIT.incomplete);
  return mostSevere(codes.map((code) => (code === EXIT.notEntitled && went ? EXIT.incomplete : code)));
}
