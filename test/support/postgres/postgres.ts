/**
 * The PostgreSQL of up.sh and down.sh for the tests of a `describeWith('PostgreSQL', …)`, on a free port and
 * in a temporary folder. What is in it is read back by its own client, psql.
 */
import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll } from 'vitest';

const run = promisify(execFile);

/** Signs that mean something in a URL. */
export const PASSWORD = 'sec/ret #1@:';
const START_TIMEOUT_MS = 60_000;

export interface Postgres {
  readonly port: number;
  /** Of a database of that name, which is made if it is not there; without the password. */
  database(name: string): Promise<string>;
  /** What psql prints of the statements: fields with `|` between, null as nothing. */
  sql(database: string, text: string): Promise<string>;
  /** As if it had been killed. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Its folder. */
  readonly dir: string;
}

/** Started before the tests of this `describe`, ended behind them. `settings`: lines of postgresql.conf. */
export function usePostgres(settings: readonly string[] = []): Postgres {
  let dir = '';
  let port = 0;
  const up = async (): Promise<void> => {
    await run(script('up.sh'), [dir, String(port), PASSWORD, ...settings], { timeout: START_TIMEOUT_MS });
  };
  const sql = async (database: string, text: string): Promise<string> => {
    const { stdout } = await run(
      'psql',
      [
        '-h',
        '127.0.0.1',
        '-p',
        String(port),
        '-U',
        'barloom',
        '-XqAt',
        '-v',
        'ON_ERROR_STOP=1',
        '-c',
        text,
        database,
      ],
      { env: { ...process.env, PGPASSWORD: PASSWORD }, maxBuffer: 1 << 28 },
    );
    return stdout.trimEnd();
  };
  beforeAll(async () => {
    dir = await mkdtemp(path.join(tmpdir(), 'barloom-postgres-'));
    await chmod(dir, 0o755);
    port = await freePort();
    await up();
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    await run(script('down.sh'), [dir, 'immediate']);
    await rm(dir, { recursive: true, force: true });
  }, 30_000);
  return {
    get port() {
      return port;
    },
    get dir() {
      return dir;
    },
    sql,
    database: async (name) => {
      const there = await sql('postgres', `SELECT 1 FROM pg_database WHERE datname = '${name}'`);
      if (there === '') await sql('postgres', `CREATE DATABASE "${name}"`);
      return `postgres://barloom@127.0.0.1:${port}/${name}`;
    },
    kill: async () => {
      await run(script('down.sh'), [dir, 'immediate']);
    },
    start: up,
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

function script(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}
