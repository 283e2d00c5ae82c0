/**
 * One page of a listing, as S3's ListObjectsV2 defines it: prefix, delimiter, start-after, continuation
 * token, max-keys. Pure: which keys and common prefixes stand on the page follows from the sorted keys alone.
 */

export interface PageRequest {
  readonly prefix: string;
  readonly delimiter: string;
  /** Keys behind this one. */
  readonly startAfter: string;
  readonly token: string | undefined;
  /** Keys and common prefixes together. */
  readonly maxKeys: number;
}

export interface Page {
  readonly keys: readonly string[];
  readonly commonPrefixes: readonly string[];
  /** Undefined on the last page. */
  readonly nextToken: string | undefined;
}

/** `keys` ascend by UTF-8 bytes. RangeError for a token that is not one of ours. */
export function listPage(keys: readonly string[], request: PageRequest): Page {
  const { prefix, delimiter, maxKeys } = request;
  const last = request.token === undefined ? request.startAfter : openToken(request.token);
  const page: string[] = [];
  const commonPrefixes: string[] = [];
  let marker = last;
  for (let i = firstFrom(keys, isBelow(prefix, last) ? last : prefix); i < keys.length; i++) {
    const key = keys[i] ?? '';
    if (!key.startsWith(prefix)) {
      if (isBelow(key, prefix)) continue;
      break;
    }
    const common = commonPrefix(key, prefix, delimiter);
    if (common === undefined ? key === last : common === marker) continue;
    if (page.length + commonPrefixes.length >= maxKeys) {
      return { keys: page, commonPrefixes, nextToken: maxKeys === 0 ? undefined : sealToken(marker) };
    }
    (common === undefined ? page : commonPrefixes).push(common ?? key);
    marker = common ?? key;
  }
  return { keys: page, commonPrefixes, nextToken: undefined };
}

function commonPrefix(key: string, prefix: string, delimiter: string): string | undefined {
  if (delimiter === '') return undefined;
  const at = key.indexOf(delimiter, prefix.length);
  return at < 0 ? undefined : key.slice(0, at + delimiter.length);
}

/** Index of the first key that is not below `text`. */
function firstFrom(keys: readonly string[], text: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBelow(keys[middle] ?? '', text)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function isBelow(a: string, b: string): boolean {
  return Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0;
}

function sealToken(last: string): string {
  return Buffer.from(`1${last}`).toString('base64url');
}

function openToken(token: string): string {
  const text = Buffer.from(token, 'base64url').toString();
  if (!text.startsWith('1')) throw new RangeError('The continuation token provided is incorrect');
  return text.slice(1);
}
