/**
 * Finds the S3 key pair: an asked-for profile, else the environment, else the profile `massive` (or
 * AWS_PROFILE) of `~/.aws`. The `default` profile is never used silently: its keys are somebody else's. No
 * value of a key ever enters a message.
 */
import { join } from 'node:path';
import { readWhole } from '#platform/disk/read-whole.js';
import { SourceError } from '#platform/http/source-error.js';
import type { KeyPair } from '#platform/s3/settings.js';
import type { AwsEnvironment } from './aws-environment.js';
import { type IniSections, parseIni } from './ini.js';

export interface FoundCredentials extends KeyPair {
  readonly region?: string | undefined;
  /** The profile's `endpoint_url`, as written. */
  readonly endpoint?: string | undefined;
  /** The profile that was looked at, also when the keys themselves come from the environment. */
  readonly profile: string;
  /** For people: `environment`, or `profile "massive" in <file>`. */
  readonly from: string;
}

export interface CredentialsRequest {
  readonly env: AwsEnvironment;
  /** The user's home folder. */
  readonly home: string;
  /** Name of the profile, from the option or its default. */
  readonly profile: string;
  /** Whether the user asked for it by name; then it wins over the environment's keys, and must exist. */
  readonly profileExplicit: boolean;
}

/** Of one of ~/.aws's files. */
const MOST_BYTES = 4 << 20;

interface ProfileFile {
  readonly path: string;
  readonly section: ReadonlyMap<string, string> | undefined;
}

/**
 * @returns undefined where there are no keys at all.
 * @throws SourceError 'unauthenticated': half a pair, a placeholder that was never filled in, an unreadable
 *   file, or an
 *   explicit profile that no file has.
 */
export async function findCredentials(request: CredentialsRequest): Promise<FoundCredentials | undefined> {
  const { env, home, profileExplicit } = request;
  const profile = profileExplicit ? request.profile : (nonEmpty(env.AWS_PROFILE) ?? request.profile);
  const fromEnvironment = profileExplicit ? undefined : environmentKeys(env);
  const tolerant = fromEnvironment !== undefined;
  const credentials = await readProfile(
    nonEmpty(env.AWS_SHARED_CREDENTIALS_FILE) ?? join(home, '.aws', 'credentials'),
    profile,
    tolerant,
  );
  const config = await readProfile(
    nonEmpty(env.AWS_CONFIG_FILE) ?? join(home, '.aws', 'config'),
    profile,
    tolerant,
  );
  const setting = (key: string) =>
    nonEmpty(credentials.section?.get(key)) ?? nonEmpty(config.section?.get(key));
  const surroundings = {
    profile,
    region: regionOf(nonEmpty(env.AWS_REGION) ?? nonEmpty(env.AWS_DEFAULT_REGION) ?? setting('region')),
    endpoint: setting('endpoint_url'),
  };
  if (fromEnvironment !== undefined) return { ...fromEnvironment, ...surroundings, from: 'environment' };
  for (const { path, section } of [credentials, config]) {
    const where = `profile "${profile}" in ${path}`;
    const pair = keyPair(
      {
        id: ['aws_access_key_id', section?.get('aws_access_key_id')],
        secret: ['aws_secret_access_key', section?.get('aws_secret_access_key')],
        token: section?.get('aws_session_token'),
      },
      where,
    );
    if (pair !== undefined) return { ...pair, ...surroundings, from: where };
  }
  if (profileExplicit) {
    throw new SourceError(
      'unauthenticated',
      `The profile "${profile}" has no keys in ${credentials.path} or ${config.path}. Add a section [${profile}] with aws_access_key_id and aws_secret_access_key to the first.`,
    );
  }
  return undefined;
}

/** It becomes part of every signature. What stands there by mistake may be a key: it is not shown. */
function regionOf(region: string | undefined): string | undefined {
  if (region === undefined || /^[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?$/i.test(region)) return region;
  throw new SourceError(
    'configuration',
    'The region in AWS_REGION, AWS_DEFAULT_REGION or the profile is none: write letters, digits and hyphens, such as us-east-1.',
  );
}

function environmentKeys(env: AwsEnvironment): KeyPair | undefined {
  return keyPair(
    {
      id: ['AWS_ACCESS_KEY_ID', env.AWS_ACCESS_KEY_ID],
      secret: ['AWS_SECRET_ACCESS_KEY', env.AWS_SECRET_ACCESS_KEY],
      token: env.AWS_SESSION_TOKEN,
    },
    'the environment',
  );
}

function keyPair(
  parts: {
    readonly id: readonly [name: string, value: string | undefined];
    readonly secret: readonly [name: string, value: string | undefined];
    readonly token: string | undefined;
  },
  where: string,
): KeyPair | undefined {
  const accessKeyId = nonEmpty(parts.id[1]);
  const secretAccessKey = nonEmpty(parts.secret[1]);
  if (accessKeyId === undefined && secretAccessKey === undefined) return undefined;
  if (accessKeyId === undefined || secretAccessKey === undefined) {
    const [missing, given] =
      accessKeyId === undefined ? [parts.id[0], parts.secret[0]] : [parts.secret[0], parts.id[0]];
    throw new SourceError(
      'unauthenticated',
      `Half a key pair in ${where}: ${given} is set, ${missing} is not.`,
    );
  }
  for (const [name, value] of [parts.id, parts.secret]) {
    if (isPlaceholder(value ?? '')) {
      throw new SourceError(
        'unauthenticated',
        `${name} in ${where} was never filled in: it still holds the example's placeholder. Put your own S3 key there.`,
      );
    }
  }
  const sessionToken = nonEmpty(parts.token);
  for (const [name, value] of [parts.id, parts.secret, ['session token', sessionToken] as const]) {
    if (value !== undefined && !/^[\x21-\x7e]+$/.test(value.trim())) {
      throw new SourceError(
        'unauthenticated',
        `${name} in ${where} holds blanks or signs that no key has: copy it there again.`,
      );
    }
  }
  return { accessKeyId, secretAccessKey, sessionToken };
}

/** What examples and templates write where the user's key belongs. */
function isPlaceholder(value: string): boolean {
  return /^(your[_ -].*|<.*>|x{4,}|\.{3,}|change[_ -]?me|replace[_ -]me)$/i.test(value);
}

/** `tolerant`: the keys are there already, so an unreadable file is only a file without settings. */
async function readProfile(path: string, profile: string, tolerant: boolean): Promise<ProfileFile> {
  const sections = await readSections(path, tolerant);
  return { path, section: sections.get(`profile ${profile}`) ?? sections.get(profile) };
}

async function readSections(path: string, tolerant: boolean): Promise<IniSections> {
  try {
    // Programs that guard keys hand them out through a pipe.
    return parseIni((await readWhole(path, MOST_BYTES, 'wait')).toString('utf8'));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    if (tolerant || code === 'ENOENT' || code === 'ENOTDIR') return new Map();
    throw new SourceError('unauthenticated', `The file ${path} with the keys cannot be read (${code}).`);
  }
}

function nonEmpty(value: string | undefined): string | undefined {
  const trimmed = value?.trim();
  return trimmed === '' ? undefined : trimmed;
}
