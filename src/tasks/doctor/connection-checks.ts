/**
 * The checks of what lies between here and the vendor: keys, endpoint, clock. No value of a key is ever
 * shown.
 */
import { stat } from 'node:fs/promises';
import type { Agent } from 'node:http';
import path from 'node:path';
import type { AwsEnvironment } from '#vendors/keys/aws-environment.js';
import { folderOfEndpoint, isOpenToAll, resolveEndpoint } from '#vendors/keys/endpoint.js';
import { type CredentialsRequest, type FoundCredentials, findCredentials } from '#vendors/keys/profile.js';
import type { Finding } from './finding.js';
import { type EndpointAnswer, type ProbeClocks, probeEndpoint } from './probe-endpoint.js';

export interface KeysRequest extends CredentialsRequest {
  /** What to say where there are no keys. */
  readonly missing: Error;
}

/** Throws SourceError: half a pair, a placeholder, an unreadable file, no keys at all. */
export async function checkKeys(
  request: KeysRequest,
): Promise<{ readonly finding: Finding; readonly credentials: FoundCredentials }> {
  const credentials = await findCredentials(request);
  if (credentials === undefined) throw request.missing;
  const { from } = credentials;
  const file = credentialFiles(request).find((name) => from.endsWith(` in ${name}`));
  const open = file === undefined ? undefined : await openToOthers(file);
  const message = `a pair from ${from === 'environment' ? 'the environment' : from}`;
  if (open === undefined) return { credentials, finding: { state: 'ok', message } };
  const finding: Finding = {
    state: 'warning',
    message: `${message}, which others on this computer may read (mode ${open})`,
    advice: `chmod 600 ${file}`,
  };
  return { credentials, finding };
}

function credentialFiles({ env, home }: CredentialsRequest): readonly string[] {
  return [
    env.AWS_SHARED_CREDENTIALS_FILE || path.join(home, '.aws', 'credentials'),
    env.AWS_CONFIG_FILE || path.join(home, '.aws', 'config'),
  ];
}

/** The mode, in octal digits, of a file that group or others may read. */
async function openToOthers(file: string): Promise<string | undefined> {
  if (process.platform === 'win32') return undefined;
  const mode = (await stat(file)).mode & 0o777;
  return (mode & 0o044) === 0 ? undefined : mode.toString(8).padStart(3, '0');
}

export interface EndpointRequest extends ProbeClocks {
  /** The option's value, wherever it was set, and where that was. */
  readonly option: string | undefined;
  readonly optionOrigin: string;
  readonly env: AwsEnvironment;
  /**
   * The proxy that an endpoint is reached through: its URL, and what people may see of it. Throws SourceError
   * 'configuration'.
   */
  readonly proxyFor: (
    endpoint: string,
  ) => Promise<{ readonly url: string; readonly shown: string } | undefined>;
}

export interface DecidedEndpoint {
  /** Normalized. */
  readonly value: string;
  /** What decided. */
  readonly origin: string;
}

/** Throws SourceError 'configuration' for an endpoint that cannot be one. */
export function decideEndpoint(
  { option, optionOrigin, env }: EndpointRequest,
  credentials: FoundCredentials | undefined,
): DecidedEndpoint {
  const { endpoint, from } = resolveEndpoint({
    flag: option,
    env,
    profileEndpoint: credentials?.endpoint,
  });
  const profile = `endpoint_url of profile "${credentials?.profile ?? ''}"`;
  const origin = from === 'flag' ? optionOrigin : from === 'profile' ? profile : from;
  return { value: endpoint, origin };
}

/** Throws SourceError 'network' where nobody answers. */
export async function checkEndpoint(
  { value, origin }: DecidedEndpoint,
  { proxyFor, ...clocks }: ProbeClocks & Pick<EndpointRequest, 'proxyFor'>,
  signal: AbortSignal,
): Promise<{ readonly finding: Finding; readonly answer?: EndpointAnswer }> {
  const folder = folderOfEndpoint(value);
  if (folder !== undefined) return { finding: { state: 'ok', message: `the folder ${folder} (${origin})` } };
  const proxy = await proxyFor(value);
  const agent = proxy === undefined ? undefined : await agentOf(proxy.url, value);
  const answer = await probeEndpoint(value, { ...clocks, agent }, signal);
  agent?.destroy();
  const { address = 'somebody', connectMs, answerMs } = answer;
  const ms = `connected in ${Math.round(connectMs)} ms, answered after ${Math.round(answerMs)} ms`;
  const through = proxy === undefined ? `${address} ` : `through the proxy ${proxy.shown}, `;
  const message = `${value} (${origin}): ${through}${ms}`;
  const plain = {
    state: 'warning',
    message: `${message}; whoever is on the way can read and change what is sent`,
    advice: 'use https',
  } as const;
  return { answer, finding: isOpenToAll(value) ? plain : { state: 'ok', message } };
}

async function agentOf(proxy: string, endpoint: string): Promise<Agent> {
  const { proxyAgents } = await import('#platform/http/proxy-agents.js');
  const { httpAgent, httpsAgent } = proxyAgents(proxy, { keepAlive: false });
  return endpoint.startsWith('https:') ? httpsAgent : httpAgent;
}

/**
 * Signatures are dated, and servers refuse those that are more than 15 minutes off: a clock that is a third
 * of it off is on its way.
 */
const SUSPECT_SKEW_MS = 5 * 60_000;

/** `fixed`: what the program takes for now by order, where it was. */
export function judgeClock(aheadMs: number | undefined, fixed: string | undefined): Finding {
  const taken = fixed === undefined ? '' : `; BARLOOM_NOW has the program take it for ${fixed}`;
  if (aheadMs === undefined) return { state: 'ok', message: `the server does not say its time${taken}` };
  const off = Math.abs(aheadMs);
  const side = aheadMs > 0 ? 'behind' : 'ahead of';
  if (off < 2000)
    return { state: 'ok', message: `this computer's clock and the server's are the same${taken}` };
  const distance = off < SUSPECT_SKEW_MS ? `${Math.round(off / 1000)} s` : `${Math.round(off / 60_000)} min`;
  const message = `this computer's clock is ${distance} ${side} the server's${taken}`;
  if (off < SUSPECT_SKEW_MS) return { state: 'ok', message };
  return {
    state: 'warning',
    message,
    advice:
      'Set the clock: days are taken for due by it, and servers refuse signatures that are 15 min off (barloom dates them by the server).',
  };
}
