/** The database of a target, its client loaded only now. */
import type { Database, OpenDatabaseOptions } from './port.js';
import type { DatabaseTarget } from './target.js';

/** Throws DatabaseError. */
export async function openDatabase(target: DatabaseTarget, options: OpenDatabaseOptions): Promise<Database> {
  if (target.kind === 'sqlite') return (await import('./sqlite.js')).openSqlite(target, options.access);
  return (await import('./postgres.js')).openPostgres(target, options);
}
