/**
 * How a PostgreSQL server is connected to: the words of its own client (sslmode and sslrootcert in the URL,
 * PGSSLMODE and PGSSLROOTCERT). Where TLS is asked for, the certificate is looked at; `no-verify` looks at
 * none. The password is the URL's, PGPASSWORD or ~/.pgpass, which the client reads itself.
 */
import { readFileSync } from 'node:fs';
import type { ClientConfig } from 'pg';
import { DatabaseError } from './database-error.js';

/** `prefer`: encrypted where the server can, and then unchecked; this is PostgreSQL's default. */
const MODES = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full', 'no-verify'] as const;
export type TlsMode = (typeof MODES)[number];

export interface PostgresSettings {
  readonly config: ClientConfig;
  readonly tls: TlsMode;
}

const CONNECT_MS = 30_000;

type Env = Readonly<Record<string, string | undefined>>;

/** Throws DatabaseError (`usage`), or the disk's error for the certificate's file. */
export function postgresSettings(url: URL, env: Env): PostgresSettings {
  const { searchParams: given } = url;
  const host = given.get('host') ?? decodeURIComponent(url.hostname.replace(/^\[|\]$/g, ''));
  const name = decodeURIComponent(url.pathname.slice(1));
  const tls = modeOf(given.get('sslmode') ?? env['PGSSLMODE'] ?? 'prefer');
  const rootFile = given.get('sslrootcert') ?? env['PGSSLROOTCERT'];
  const options = given.get('options') ?? undefined;
  return {
    tls: isSocket(host === '' ? (env['PGHOST'] ?? '') : host) ? 'disable' : tls,
    config: {
      ...(host === '' ? {} : { host }),
      ...(url.port === '' ? {} : { port: Number(url.port) }),
      ...(name === '' ? {} : { database: name }),
      ...(url.username === '' ? {} : { user: decodeURIComponent(url.username) }),
      ...(url.password === '' ? {} : { password: decodeURIComponent(url.password) }),
      ...(options === undefined ? {} : { options }),
      ssl: tlsOptions(tls, rootFile),
      application_name: 'barloom',
      connectionTimeoutMillis: CONNECT_MS,
      keepAlive: true,
    },
  };
}

/** A host that is a path is the folder of a socket, where nothing is encrypted. */
function isSocket(host: string): boolean {
  return host.startsWith('/');
}

function modeOf(given: string): TlsMode {
  // `allow` prefers the other way round.
  const mode = MODES.find((known) => known === (given === 'allow' ? 'prefer' : given));
  if (mode === undefined)
    throw new DatabaseError('usage', `sslmode ${given} is not known: give ${MODES.join(', ')}`);
  return mode;
}

function tlsOptions(mode: TlsMode, rootFile: string | undefined): ClientConfig['ssl'] {
  if (mode === 'disable') return false;
  if (mode === 'prefer' || mode === 'no-verify') return { rejectUnauthorized: false };
  return {
    ...(rootFile === undefined || rootFile === 'system' ? {} : { ca: readFileSync(rootFile, 'utf8') }),
    ...(mode === 'verify-ca' ? { checkServerIdentity: () => undefined } : {}),
  };
}
