/**
 * What an error of PostgreSQL or of its connection means, by SQLSTATE (postgresql.org/docs/current/errcodes-appendix.html)
 * or by the code of the socket.
 */
import { certificateTrouble } from '#platform/http/certificate-trouble.js';
import { DatabaseError, type DatabaseTrouble } from './database-error.js';

/** By the code, or else by its class, which is its first two characters. */
const STATES: ReadonlyMap<string, readonly [DatabaseTrouble, string]> = new Map([
  ['08', ['gone', 'the connection gave out']],
  ['22P02', ['incomplete', 'it takes a value for none of its type']],
  ['23505', ['doubles', 'rows of its table have the same symbol, ts_ns and ord']],
  ['25006', ['usage', 'it is read-only']],
  ['28', ['refused', 'not authenticated']],
  ['3D000', ['usage', 'there is no such database: make it with createdb']],
  ['40', ['gone', 'others were in the way: run the same command again']],
  ['42501', ['refused', 'this user may not do that']],
  ['53100', ['full', 'its disk is full: free some space and run the same command again to go on']],
  ['53', ['gone', 'the server has no room for more: run the same command again later']],
  ['55P03', ['busy', 'another load of this table is going on']],
  ['57', ['gone', 'the server gave out: run the same command again to go on']],
  ['58', ['gone', 'the server gave out: run the same command again to go on']],
]);

const NO_CONNECTION =
  /^(E(CONN\w+|HOST\w+|NET\w+|TIMEDOUT|PIPE|ADDR\w+)|ENOTFOUND|EAI_\w+)$|^connection terminated|^timeout expired|not queryable|^connection ended/i;

/** The same error where neither has a part in it. `server`: for people. */
export function postgresError(error: unknown, server: string): unknown {
  if (!(error instanceof Error) || error instanceof DatabaseError) return error;
  const errors: readonly unknown[] = Array.isArray(Reflect.get(error, 'errors'))
    ? (Reflect.get(error, 'errors') as readonly unknown[])
    : [];
  const given: unknown = Reflect.get(error, 'code') ?? Reflect.get(Object(errors[0]), 'code');
  const code = typeof given === 'string' ? given : '';
  const known = STATES.get(code) ?? (/^[0-9A-Z]{5}$/.test(code) ? STATES.get(code.slice(0, 2)) : undefined);
  if (known !== undefined)
    return new DatabaseError(known[0], `${server}: ${known[1]} (${error.message})`, error);
  if (/^[0-9A-Z]{5}$/.test(code) && Reflect.has(error, 'severity'))
    return new DatabaseError('incomplete', `${server}: ${error.message} (${code})`, error);
  const untrusted = certificateTrouble(code, server);
  if (untrusted !== undefined) return new DatabaseError('usage', untrusted, error);
  if (/does not support SSL/.test(error.message))
    return new DatabaseError(
      'usage',
      `${server} speaks no TLS, which sslmode asks for: sslmode=prefer goes without it`,
      error,
    );
  if (/password must be a (non-empty )?string|^SASL/.test(error.message))
    return new DatabaseError(
      'refused',
      `${server}: not authenticated (it asks for a password): give one in PGPASSWORD or ~/.pgpass`,
      error,
    );
  const lost = NO_CONNECTION.test(code) || NO_CONNECTION.test(error.message);
  if (lost)
    return new DatabaseError(
      'gone',
      `${server}: no connection (${code === '' ? error.message : code}): run the same command again to go on`,
      error,
    );
  return error;
}
