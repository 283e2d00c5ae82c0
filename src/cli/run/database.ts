/** A database for as long as a command needs it. */
import type { Environment } from '#cli/environment.js';
import { openDatabase } from '#store/database/open-database.js';
import type { Database } from '#store/database/port.js';
import type { DatabaseTarget } from '#store/database/target.js';

type Opened<A> = A extends undefined ? Database | undefined : Database;

/** `access`: undefined opens none. Throws DatabaseError, or what `body` throws. */
export async function withDatabase<T, A extends 'read' | 'write' | undefined>(
  target: DatabaseTarget,
  access: A,
  { env }: Pick<Environment, 'env'>,
  body: (database: Opened<A>) => Promise<T>,
): Promise<T> {
  const database = access === undefined ? undefined : await openDatabase(target, { access, env });
  try {
    return await body(database as Opened<A>);
  } finally {
    await database?.close();
  }
}
