/**
 * Where rows are to go, as it is typed: `sqlite:FILE` or `postgres://[user[:password]@][host][:port]/[name]`.
 * Whatever the URL of a server does not say comes from PGHOST, PGUSER, … and ~/.pgpass.
 */
import path from 'node:path';
import { shownUrl } from '#platform/http/shown-url.js';
import { DatabaseError } from './database-error.js';

export type DatabaseTarget =
  | { readonly kind: 'sqlite'; readonly file: string; readonly shown: string }
  | { readonly kind: 'postgres'; readonly url: URL; readonly shown: string };

/** Throws DatabaseError (`usage`). Nothing of what is shown holds a user, a password or a parameter. */
export function databaseTarget(given: string, cwd: string): DatabaseTarget {
  const [, file] = /^sqlite:(?:\/\/(?=\/))?(.+)$/s.exec(given) ?? [];
  if (file !== undefined) return { kind: 'sqlite', file: path.resolve(cwd, file), shown: `sqlite:${file}` };
  const shown = shownUrl(given);
  if (/^postgres(ql)?:\/\//.test(given)) {
    try {
      return { kind: 'postgres', url: new URL(given), shown };
    } catch {
      throw new DatabaseError(
        'usage',
        `${shown} is no URL: signs such as @, / and # in a user's name or password are written %40, %2F and %23; PGPASSWORD and ~/.pgpass take them as they are`,
      );
    }
  }
  throw new DatabaseError('usage', `${shown} is no database: give sqlite:FILE or postgres://HOST/NAME`);
}
