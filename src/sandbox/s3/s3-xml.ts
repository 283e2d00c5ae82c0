/**
 * The XML documents of the S3 API that the sandbox sends: errors, pages of a listing, the bucket's region,
 * the list of buckets.
 */
import type { ObjectFacts } from './bucket.js';
import type { Page, PageRequest } from './list-page.js';
import { encode } from './signature.js';

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';
const NAMESPACE = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';

export function errorXml(code: string, message: string, resource: string, requestId: string): string {
  return `${DECLARATION}<Error>${element('Code', code)}${element('Message', message)}${element('Resource', resource)}${element('RequestId', requestId)}</Error>`;
}

export interface ListingDocument {
  readonly bucket: string;
  readonly request: PageRequest;
  readonly page: Page;
  readonly objects: readonly ObjectFacts[];
  /** Keys and prefixes are percent-encoded (`encoding-type=url`). */
  readonly urlEncoded: boolean;
  /** The older ListObjects, which some clients still use. */
  readonly versionOne: boolean;
}

export function listingXml(document: ListingDocument): string {
  const { bucket, request, page, objects, urlEncoded, versionOne } = document;
  const name = (text: string) => (urlEncoded ? encode(text).replaceAll('%2F', '/') : text);
  const contents = objects.map(
    ({ key, size, etag, lastModified }) =>
      `<Contents>${element('Key', name(key))}${element('LastModified', lastModified.toISOString())}<ETag>&quot;${etag}&quot;</ETag>${element('Size', size)}<StorageClass>STANDARD</StorageClass></Contents>`,
  );
  const prefixes = page.commonPrefixes.map(
    (one) => `<CommonPrefixes>${element('Prefix', name(one))}</CommonPrefixes>`,
  );
  const lastKey = [...page.keys, ...page.commonPrefixes].sort().at(-1) ?? '';
  const position = versionOne
    ? `${element('Marker', name(request.startAfter))}${page.nextToken === undefined ? '' : element('NextMarker', name(lastKey))}`
    : `${element('KeyCount', page.keys.length + page.commonPrefixes.length)}${optional('StartAfter', name(request.startAfter))}${optional('ContinuationToken', request.token)}${optional('NextContinuationToken', page.nextToken)}`;
  return `${DECLARATION}<ListBucketResult ${NAMESPACE}>${element('Name', bucket)}${element('Prefix', name(request.prefix))}${optional('Delimiter', name(request.delimiter))}${element('MaxKeys', request.maxKeys)}${urlEncoded ? element('EncodingType', 'url') : ''}${element('IsTruncated', String(page.nextToken !== undefined))}${position}${contents.join('')}${prefixes.join('')}</ListBucketResult>`;
}

export function locationXml(): string {
  return `${DECLARATION}<LocationConstraint ${NAMESPACE}></LocationConstraint>`;
}

export function bucketsXml(bucket: string): string {
  return `${DECLARATION}<ListAllMyBucketsResult ${NAMESPACE}><Buckets><Bucket>${element('Name', bucket)}<CreationDate>2003-09-10T00:00:00.000Z</CreationDate></Bucket></Buckets></ListAllMyBucketsResult>`;
}

function element(name: string, value: string | number): string {
  return `<${name}>${escapeXml(String(value))}</${name}>`;
}

function optional(name: string, value: string | undefined): string {
  return value === undefined || value === '' ? '' : element(name, value);
}

function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\r', '&#13;');
}
