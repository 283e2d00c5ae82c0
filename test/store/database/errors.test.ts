/** What errors of databases mean; and that nothing of a URL but its place is ever said. */
import { describe, expect, it } from 'vitest';
import { DatabaseError } from '#store/database/database-error.js';
import { postgresError } from '#store/database/postgres-error.js';
import { postgresSettings } from '#store/database/postgres-settings.js';
import { sqliteError } from '#store/database/sqlite-error.js';
import { databaseTarget } from '#store/database/target.js';

const thrown = (message: string, facts: object): Error => Object.assign(new Error(message), facts);

describe('postgresError', () => {
  it.each([
    [thrown('x', { code: '28P01', severity: 'FATAL' }), 'refused'],
    [thrown('x', { code: '28000', severity: 'FATAL' }), 'refused'],
    [thrown('x', { code: '42501', severity: 'ERROR' }), 'refused'],
    [thrown('x', { code: '3D000', severity: 'FATAL' }), 'usage'],
    [thrown('x', { code: '53100', severity: 'ERROR' }), 'full'],
    [thrown('x', { code: '53300', severity: 'FATAL' }), 'gone'],
    [thrown('x', { code: '57P01', severity: 'FATAL' }), 'gone'],
    [thrown('x', { code: '08006', severity: 'FATAL' }), 'gone'],
    [thrown('x', { code: '40P01', severity: 'ERROR' }), 'gone'],
    [thrown('x', { code: '23505', severity: 'ERROR' }), 'doubles'],
    [thrown('x', { code: '42601', severity: 'ERROR' }), 'incomplete'],
    [thrown('x', { code: 'ECONNREFUSED' }), 'gone'],
    [thrown('x', { code: 'ECONNRESET' }), 'gone'],
    [thrown('x', { code: 'ENOTFOUND' }), 'gone'],
    [thrown('', { errors: [thrown('x', { code: 'ECONNREFUSED' })] }), 'gone'],
    [thrown('Connection terminated unexpectedly', {}), 'gone'],
    [thrown('x', { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }), 'usage'],
    [thrown('The server does not support SSL connections', {}), 'usage'],
    [thrown('SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string', {}), 'refused'],
  ])('%o is %s', (error, trouble) => {
    const found = postgresError(error, 'postgres://…@host/db');
    expect(found).toBeInstanceOf(DatabaseError);
    expect(found).toMatchObject({ trouble, message: expect.stringContaining('postgres://…@host/db') });
  });

  it('a bug of ours stays one', () => {
    const error = new TypeError('undefined is not a function');
    expect(postgresError(error, 'x')).toBe(error);
  });
});

it.each([
  [5, 'busy'],
  [2067, 'doubles'],
  [13, 'full'],
  [778, 'full'],
  [14, 'full'],
  [26, 'usage'],
  [11, 'damaged'],
])('SQLite’s result code %i is %s', (errcode, trouble) => {
  expect(sqliteError(thrown('x', { errcode }), 'sqlite:a.db')).toMatchObject({ trouble });
});

describe('databaseTarget', () => {
  it.each([
    'postgres://me:hush@h/db?sslmode=disable&password=hush',
    'postgresql://me:hu%2Fsh@h:5433/db',
    'postgres://me:hush/@h/db',
    'postgres://me:hush#1@h/db',
    'postgres://me:hush@[::1/db',
    'mysql://me:hush@h/db',
    'hush@nothing',
  ])('shows nothing of %s but its place', (url) => {
    let shown: string;
    try {
      shown = databaseTarget(url, '/').shown;
    } catch (error) {
      shown = (error as Error).message;
    }
    expect(shown).not.toMatch(/hush|hu%2Fsh|\bme\b/);
  });

  it('takes a file’s name relative to the working directory, in any of SQLite’s ways to write it', () => {
    for (const [given, file] of [
      ['sqlite:a b.db', '/w/a b.db'],
      ['sqlite:/x/a.db', '/x/a.db'],
      ['sqlite:///x/a.db', '/x/a.db'],
    ] as const)
      expect(databaseTarget(given, '/w')).toMatchObject({ kind: 'sqlite', file });
  });
});

describe('postgresSettings', () => {
  const of = (url: string, env: Readonly<Record<string, string>> = {}) => postgresSettings(new URL(url), env);

  it('takes from the URL what it says, and leaves the rest to the client', () => {
    expect(of('postgres://me%40x:a%2Fb@h:5433/d%20b').config).toMatchObject({
      host: 'h',
      port: 5433,
      user: 'me@x',
      password: 'a/b',
      database: 'd b',
    });
    for (const name of ['host', 'port', 'user', 'password', 'database'])
      expect(of('postgres://').config).not.toHaveProperty(name);
  });

  it('looks at certificates where TLS is asked for, and at none by default', () => {
    expect(of('postgres://h/d')).toMatchObject({
      tls: 'prefer',
      config: { ssl: { rejectUnauthorized: false } },
    });
    expect(of('postgres://h/d?sslmode=require').config.ssl).toEqual({});
    expect(of('postgres://h/d', { PGSSLMODE: 'verify-full' }).config.ssl).toEqual({});
    expect(of('postgres://h/d?sslmode=disable', { PGSSLMODE: 'verify-full' }).config.ssl).toBe(false);
    expect(of('postgres:///d?host=/var/run/postgresql')).toMatchObject({ tls: 'disable' });
    expect(() => of('postgres://h/d?sslmode=some')).toThrow('sslmode some is not known');
  });
});
