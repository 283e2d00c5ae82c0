/**
 * Whether two sources hold the same data. Pure; endpoints are normalized ones, as they are recorded
 * (vendors/keys/endpoint.ts).
 */
import type { SourceIdentity } from '#platform/source-identity.js';

/** The vendor's host (https://massive.com/docs/flat-files), and its older name, which still answers. */
export const VENDOR_HOSTS: readonly string[] = ['files.massive.com', 'files.polygon.io'];

/** The vendor's two host names are one. */
export function sameSource(a: SourceIdentity, b: SourceIdentity): boolean {
  return a.bucket === b.bucket && neutral(a.endpoint) === neutral(b.endpoint);
}

/** For people: `https://files.massive.com (bucket flatfiles)`. */
export function sourceText({ endpoint, bucket }: SourceIdentity): string {
  return `${endpoint} (bucket ${bucket})`;
}

function neutral(endpoint: string): string {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (url === undefined || url.protocol === 'file:') return endpoint;
  return VENDOR_HOSTS.includes(url.hostname)
    ? 'the vendor'
    : `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}
