/**
 * Opens what an endpoint names: a folder for `file:`, an S3 server otherwise. No wrapper is put round it
 * here.
 */

import { SourceError } from '#platform/http/source-error.js';
import type { Source } from '#platform/s3/port.js';
import { openS3 } from '#platform/s3/s3-source.js';
import type { KeyPair } from '#platform/s3/settings.js';
import { folderOfEndpoint, refuseAmazonForVendorKeys } from '#vendors/keys/endpoint.js';
import type { FoundCredentials } from '#vendors/keys/profile.js';
import { openFolder } from './folder.js';

/** The vendor's documentation names any region; this is the one that every client has. */
export const DEFAULT_REGION = 'us-east-1';

export interface SourceSettings {
  /** Normalized, see `resolveEndpoint`. */
  readonly endpoint: string;
  readonly bucket: string;
  readonly region?: string | undefined;
  /** Not needed for a folder. With a profile's name, Amazon is refused for the vendor's keys. */
  readonly credentials?: (KeyPair & Partial<Pick<FoundCredentials, 'profile'>>) | undefined;
  readonly concurrency: number;
  /** See S3Settings. */
  readonly proxy?: string | undefined;
  /**
   * Told once, where this computer's clock is minutes from the server's: how far the server's is ahead, in
   * ms.
   */
  readonly onClockOff?: ((aheadMs: number) => void) | undefined;
}

/** @throws SourceError 'configuration' or 'unauthenticated'; nothing has been asked of a server yet. */
export async function openSource(settings: SourceSettings): Promise<Source> {
  const { endpoint, bucket, region, credentials, concurrency, proxy, onClockOff } = settings;
  const folder = folderOfEndpoint(endpoint);
  if (folder !== undefined) return openFolder(folder, bucket);
  if (credentials === undefined) {
    throw new SourceError('unauthenticated', `There are no S3 keys for ${endpoint}.`);
  }
  if (credentials.profile !== undefined) refuseAmazonForVendorKeys(endpoint, credentials.profile);
  return openS3({
    ...{ endpoint, bucket, region: region ?? DEFAULT_REGION, credentials, concurrency, proxy, onClockOff },
  });
}
