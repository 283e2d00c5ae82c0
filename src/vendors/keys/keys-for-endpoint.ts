/**
 * Keys that are meant for somebody else: Amazon's do not travel to the vendor, where they can only be refused,
 * and have been shown.
 */
import { SourceError } from '#platform/http/source-error.js';
import type { KeyPair } from '#platform/s3/settings.js';

/** These keys are not for this; others may be. */
export class UnfitKeysError extends SourceError {
  constructor(message: string) {
    super('unauthenticated', message);
  }
}

/**
 * Long-term and temporary ids. Source:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
 */
const AMAZON_ID = /^A[KS]IA[A-Z0-9]{12,}$/;

/** Throws UnfitKeysError where the keys are Amazon's, by their form or a session token, and the endpoint the vendor's. */
export function refuseAmazonKeys(
  { accessKeyId, sessionToken, from }: KeyPair & { readonly from: string },
  endpointOf: () => string,
): void {
  const isAmazon = AMAZON_ID.test(accessKeyId);
  if (!isAmazon && sessionToken === undefined) return;
  const endpoint = endpointOf();
  if (!isVendor(endpoint)) return;
  const what = isAmazon
    ? `an access key of Amazon's (${accessKeyId.slice(0, 4)}…)`
    : "a session token, as Amazon's have";
  throw new UnfitKeysError(
    `The keys from ${from === 'environment' ? 'the environment' : from} are not sent to ${new URL(endpoint).host}: they hold ${what}. ` +
      "Put the vendor's pair into [massive] of ~/.aws/credentials, which then goes before them, or unset AWS_ACCESS_KEY_ID and AWS_PROFILE.",
  );
}

/** Source: https://massive.com/docs/flat-files; the second is its name of before. */
function isVendor(endpoint: string): boolean {
  const host = URL.canParse(endpoint) ? new URL(endpoint).hostname.replace(/\.$/, '') : '';
  return /(^|\.)(massive\.com|polygon\.io)$/.test(host);
}

/** How a profile says that its keys come from a log-in. */
const LOG_INS = [
  'sso_session',
  'sso_start_url',
  'role_arn',
  'credential_source',
  'web_identity_token_file',
  'login_session',
] as const;

/** Throws UnfitKeysError where the profile has no keys, and says where it gets them. */
export function refuseLogIn(profile: string, settingOf: (key: string) => string | undefined): void {
  const how = LOG_INS.find((key) => settingOf(key) !== undefined);
  if (how === undefined) return;
  throw new UnfitKeysError(
    `The profile "${profile}" gets its keys by a log-in (${how}), and barloom takes keys only: write the pair into the profile, or ` +
      `credential_process = aws configure export-credentials --profile ${profile}`,
  );
}
