/**
 * Which server is asked, decided by us and never by the SDK's own search (which can silently end at
 * amazonaws.com). Promises: one spelling for one endpoint, no credentials inside an endpoint, and the
 * vendor's keys stay away from Amazon.
 */
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { shownUrl } from '#platform/http/shown-url.js';
import { SourceError } from '#platform/http/source-error.js';
import type { AwsEnvironment } from './aws-environment.js';

/** Source: https://massive.com/docs/flat-files. */
export const DEFAULT_ENDPOINT = 'https://files.massive.com';
/** The profile that holds the vendor's keys unless the user names another. */
export const VENDOR_PROFILE = 'massive';

export type EndpointOrigin = 'flag' | 'AWS_ENDPOINT_URL_S3' | 'AWS_ENDPOINT_URL' | 'profile' | 'default';

export interface ResolvedEndpoint {
  /** Normalized, see `normalizeEndpoint`. */
  readonly endpoint: string;
  readonly from: EndpointOrigin;
}

/**
 * Flag > AWS_ENDPOINT_URL_S3 > AWS_ENDPOINT_URL > the profile's `endpoint_url` > the vendor's.
 * @throws SourceError 'configuration' where the one that counts is not usable; the next is not tried.
 */
export function resolveEndpoint(candidates: {
  readonly flag?: string | undefined;
  readonly env: AwsEnvironment;
  readonly profileEndpoint?: string | undefined;
}): ResolvedEndpoint {
  const { flag, env, profileEndpoint } = candidates;
  const inOrder: readonly (readonly [EndpointOrigin, string | undefined])[] = [
    ['flag', flag],
    ['AWS_ENDPOINT_URL_S3', env.AWS_ENDPOINT_URL_S3],
    ['AWS_ENDPOINT_URL', env.AWS_ENDPOINT_URL],
    ['profile', profileEndpoint],
  ];
  for (const [from, url] of inOrder) {
    if (url !== undefined && url.trim() !== '') return { endpoint: normalizeEndpoint(url), from };
  }
  return { endpoint: DEFAULT_ENDPOINT, from: 'default' };
}

/**
 * Lower-case scheme and host, no default port, no slash at the end. `file:DIR` (relative or absolute, as
 * typed) and `file:///DIR` become an absolute file URL.
 * @throws SourceError 'configuration'; what stands before an `@` is never repeated in the message.
 */
export function normalizeEndpoint(url: string): string {
  const text = url.trim();
  if (/^file:/i.test(text)) return pathToFileURL(folderPath(text)).href;
  const parsed = URL.canParse(text) ? new URL(text) : undefined;
  if (parsed === undefined || (parsed.protocol !== 'https:' && parsed.protocol !== 'http:')) {
    throw configuration(
      `The endpoint "${shownUrl(text)}" is not a URL such as ${DEFAULT_ENDPOINT} or file:DIR.`,
    );
  }
  if (parsed.username !== '' || parsed.password !== '') {
    throw configuration(
      `The endpoint at ${parsed.host} has a user name or password in it. Keys belong in ~/.aws/credentials or the environment.`,
    );
  }
  if (parsed.search !== '' || parsed.hash !== '') {
    throw configuration(
      `The endpoint at ${parsed.host} has a query or a fragment; an endpoint ends before "?" and "#".`,
    );
  }
  return `${parsed.protocol}//${parsed.host}${parsed.pathname.replace(/\/+$/, '')}`;
}

/** The absolute folder that a `file:` endpoint names, or undefined for a server. */
export function folderOfEndpoint(endpoint: string): string | undefined {
  return /^file:/i.test(endpoint) ? folderPath(endpoint) : undefined;
}

/**
 * The vendor's keys must not travel to Amazon: an endpoint there, together with the vendor's profile, is a
 * mistake in some configuration file (a section lacking its `profile ` prefix suffices) and never a wish.
 * @throws SourceError 'configuration'
 */
export function refuseAmazonForVendorKeys(endpoint: string, profile: string): void {
  const host = URL.canParse(endpoint) ? new URL(endpoint).hostname.toLowerCase().replace(/\.$/, '') : '';
  if (profile === VENDOR_PROFILE && /(^|\.)(amazonaws\.com(\.cn)?|amazonaws\.eu|api\.aws)$/.test(host)) {
    throw configuration(
      `The keys of the profile "${profile}" are not sent to ${host}. Remove that endpoint (the default is ${DEFAULT_ENDPOINT}), or name another profile with --profile.`,
    );
  }
}

/** Whether what is asked and answered can be read and changed on its way: plain http to another computer. */
export function isOpenToAll(endpoint: string): boolean {
  if (!URL.canParse(endpoint)) return false;
  const { protocol, hostname } = new URL(endpoint);
  return protocol === 'http:' && !/^(localhost|.*\.localhost|127\.[\d.]+|\[::1\])$/.test(hostname);
}

function folderPath(fileUrl: string): string {
  if (/^file:\/\//i.test(fileUrl)) {
    try {
      return resolve(fileURLToPath(fileUrl));
    } catch {
      throw configuration(
        `The endpoint "${shownUrl(fileUrl)}" names no folder of this computer; write file:DIR.`,
      );
    }
  }
  const path = fileUrl.slice('file:'.length);
  if (path === '') throw configuration('The endpoint "file:" names no folder; write file:DIR.');
  return resolve(path);
}

function configuration(message: string): SourceError {
  return new SourceError('configuration', message);
}
