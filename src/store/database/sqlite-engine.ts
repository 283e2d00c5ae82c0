/**
 * SQLite as Node has it from version 22.13 on, and before that from a package with the same interface, which
 * is installed unless left out. Loaded where it is used.
 */
import { createRequire } from 'node:module';
import { DatabaseError } from './database-error.js';

export interface SqliteStatement {
  run(...values: readonly (string | null)[]): { readonly changes: number | bigint };
  all(): readonly unknown[];
  setReadBigInts(enabled: boolean): void;
}

export interface SqliteConnection {
  exec(sql: string): void;
  prepare(sql: string): SqliteStatement;
  close(): void;
}

interface SqliteModule {
  readonly DatabaseSync: new (file: string, options: { readonly readOnly: boolean }) => SqliteConnection;
}

const PACKAGE = '@photostructure/sqlite';

/** Throws DatabaseError where neither is there, or the database's own error. */
export function openEngine(file: string, readOnly: boolean): SqliteConnection {
  const { DatabaseSync } = ofNode() ?? ofPackage();
  return new DatabaseSync(file, { readOnly });
}

function ofNode(): SqliteModule | undefined {
  const { emitWarning } = process;
  try {
    // It calls itself experimental at every start of some versions, which is nothing to users.
    process.emitWarning = () => undefined;
    return createRequire(import.meta.url)('node:sqlite') as SqliteModule;
  } catch {
    return undefined;
  } finally {
    process.emitWarning = emitWarning;
  }
}

function ofPackage(): SqliteModule {
  try {
    return createRequire(import.meta.url)('@photostructure/sqlite') as SqliteModule;
  } catch (error) {
    throw new DatabaseError(
      'usage',
      `SQLite is not installed: run npm install ${PACKAGE} where barloom is installed, or use Node.js 22.13 or later`,
      error,
    );
  }
}
