/** What an error of SQLite means, by its result code (sqlite.org/rescode.html). */
import { DatabaseError, type DatabaseTrouble } from './database-error.js';

/** By the primary code, which is the low byte of the extended one. */
const TROUBLES: ReadonlyMap<number, readonly [DatabaseTrouble, string]> = new Map([
  [3, ['full', 'no permission: mend the rights or choose another file']],
  [5, ['busy', 'another program is writing in it: run the same command again once it is done']],
  [6, ['busy', 'another program is writing in it: run the same command again once it is done']],
  [8, ['full', 'it is read-only: mend the rights or choose another file']],
  [10, ['full', 'it cannot be read or written: mend the disk and run the same command again']],
  [11, ['damaged', 'it is damaged: restore it from a backup, or load into another file']],
  [13, ['full', 'the disk is full: free some space and run the same command again to go on']],
  [14, ['full', 'it cannot be opened: is its folder there, and may it be written?']],
  [19, ['doubles', 'rows of its table have the same symbol, ts_ns and ord']],
  [26, ['usage', 'it is no SQLite database: choose another file']],
]);

/** The same error where SQLite has no part in it. `file`: for people. */
export function sqliteError(error: unknown, file: string): unknown {
  if (!(error instanceof Error) || error instanceof DatabaseError) return error;
  const code: unknown = Reflect.get(error, 'errcode') ?? Reflect.get(error, 'sqliteExtendedCode');
  const known = typeof code === 'number' ? TROUBLES.get(code & 0xff) : undefined;
  if (known === undefined) return error;
  const [trouble, words] = known;
  return new DatabaseError(trouble, `${file}: ${words} (${error.message})`, error);
}
