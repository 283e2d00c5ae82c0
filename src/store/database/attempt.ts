/** A part of a transaction that may meet rows whose key is there already. */
import { DatabaseError } from './database-error.js';

const POINT = 'barloom_attempt';

export async function attempted<T>(
  run: (sql: string) => Promise<unknown>,
  body: () => Promise<T>,
): Promise<T | 'doubles'> {
  await run(`SAVEPOINT ${POINT}`);
  try {
    const result = await body();
    await run(`RELEASE SAVEPOINT ${POINT}`);
    return result;
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.trouble !== 'doubles') throw error;
    await run(`ROLLBACK TO SAVEPOINT ${POINT}`);
    await run(`RELEASE SAVEPOINT ${POINT}`);
    return 'doubles';
  }
}
