/**
 * Finds the S3 key pair: an asked-for profile, else the environment, else the profile that AWS_PROFILE names,
 * else `massive`, of `~/.aws`. The `default` profile is never used silently: its keys are somebody else's. No
 * value of a key ever enters a message.
 */
import { join } from 'node:path';
import { readWhole } from '#platform/disk/read-whole.js';
import { SourceError } from '#platform/http/source-error.js';
import type { KeyPair } from '#platform/s3/settings.js';
import type { AwsEnvironment } from './aws-environment.js';
import { keysOfProcess } from './credential-process.js';
import { resolveEndpoint } from './endpoint.js';
import { type IniSections, parseIni } from './ini.js';
import { keyPair, nonEmpty } from './key-pair.js';
import { refuseAmazonKeys, refuseLogIn, UnfitKeysError } from './keys-for-endpoint.js';

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
  /** What the option says, wherever it was set; the environment or the profile may name another. */
  readonly endpoint: string | undefined;
}

/** Of one of ~/.aws's files. */
const MOST_BYTES = 4 << 20;

interface ProfileFile {
  readonly path: string;
  readonly section: ReadonlyMap<string, string> | undefined;
}

/**
 * The first that has keys for the endpoint; the vendor's gets none of Amazon's (see keys-for-endpoint.ts):
 *
 * | --profile NAME | NAME alone                                                            |
 * | else           | the environment's pair, the profile AWS_PROFILE, the profile `massive` |
 *
 * @returns undefined where there are no keys at all.
 * @throws SourceError 'unauthenticated': half a pair, a placeholder that was never filled in, an unreadable
 *   file, an explicit profile that no file has, keys of Amazon's for the vendor and no others, a profile whose
 *   keys come from a log-in, a `credential_process` that fails.
 */
export async function findCredentials(request: CredentialsRequest): Promise<FoundCredentials | undefined> {
  const { env, profileExplicit } = request;
  const other = profileExplicit ? undefined : nonEmpty(env.AWS_PROFILE);
  const names = [...new Set([other ?? request.profile, request.profile])];
  const fromEnvironment = profileExplicit ? undefined : environmentKeys(env);
  let trouble: SourceError | undefined;
  for (const [n, name] of names.entries()) {
    const profile = await readProfile(name, request, fromEnvironment !== undefined);
    const surroundings = surroundingsOf(profile, env);
    const endpointOf = (): string =>
      resolveEndpoint({ flag: request.endpoint, env, profileEndpoint: surroundings.endpoint }).endpoint;
    const offers = [
      async () =>
        n === 0 && fromEnvironment !== undefined ? { ...fromEnvironment, from: 'environment' } : undefined,
      () => keysOf(profile, env),
    ];
    for (const offer of offers) {
      try {
        const keys = await offer();
        if (keys === undefined) continue;
        refuseAmazonKeys(keys, endpointOf);
        return { ...keys, ...surroundings };
      } catch (error) {
        // Another place may have the vendor's.
        if (!(error instanceof UnfitKeysError)) throw error;
        trouble ??= error;
      }
    }
  }
  if (trouble !== undefined) throw trouble;
  if (profileExplicit) throw noKeysIn(request);
  return undefined;
}

function noKeysIn(request: CredentialsRequest): SourceError {
  const [credentials, config] = filesOf(request);
  const { profile } = request;
  return new SourceError(
    'unauthenticated',
    `The profile "${profile}" has no keys in ${credentials} or ${config}. Add a section [${profile}] with aws_access_key_id and aws_secret_access_key to the first.`,
  );
}

/** In the order in which they count. */
function filesOf({ env, home }: Pick<CredentialsRequest, 'env' | 'home'>): readonly [string, string] {
  return [
    nonEmpty(env.AWS_SHARED_CREDENTIALS_FILE) ?? join(home, '.aws', 'credentials'),
    nonEmpty(env.AWS_CONFIG_FILE) ?? join(home, '.aws', 'config'),
  ];
}

interface Profile {
  readonly name: string;
  readonly files: readonly ProfileFile[];
}

/** `tolerant`: the keys are there already, so an unreadable file is only a file without settings. */
async function readProfile(name: string, request: CredentialsRequest, tolerant: boolean): Promise<Profile> {
  const files: ProfileFile[] = [];
  for (const path of filesOf(request)) {
    const sections = await readSections(path, tolerant);
    files.push({ path, section: sections.get(`profile ${name}`) ?? sections.get(name) });
  }
  return { name, files };
}

function settingOf({ files }: Profile, key: string): string | undefined {
  for (const { section } of files) {
    const value = nonEmpty(section?.get(key));
    if (value !== undefined) return value;
  }
  return undefined;
}

function surroundingsOf(
  profile: Profile,
  env: AwsEnvironment,
): Pick<FoundCredentials, 'profile' | 'region' | 'endpoint'> {
  const region = nonEmpty(env.AWS_REGION) ?? nonEmpty(env.AWS_DEFAULT_REGION) ?? settingOf(profile, 'region');
  return { profile: profile.name, region: regionOf(region), endpoint: settingOf(profile, 'endpoint_url') };
}

async function keysOf(
  profile: Profile,
  env: AwsEnvironment,
): Promise<(KeyPair & Pick<FoundCredentials, 'from'>) | undefined> {
  for (const { path, section } of profile.files) {
    const where = `profile "${profile.name}" in ${path}`;
    const pair = keyPair(
      {
        id: ['aws_access_key_id', section?.get('aws_access_key_id')],
        secret: ['aws_secret_access_key', section?.get('aws_secret_access_key')],
        token: section?.get('aws_session_token'),
      },
      where,
    );
    if (pair !== undefined) return { ...pair, from: where };
  }
  const command = settingOf(profile, 'credential_process');
  if (command !== undefined) {
    const from = `credential_process of profile "${profile.name}"`;
    return { ...(await keysOfProcess(command, env, from)), from };
  }
  refuseLogIn(profile.name, (key) => settingOf(profile, key));
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
