/**
 * ETags as S3 servers write them. Quotes, a weak mark and stray white space (one listing had a trailing
 * newline) are not part of the value. An ETag is the object's MD5 only where it is 32 hex digits; multipart
 * uploads have a `-N` suffix. Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html (ETag).
 */

/** The bare value, or undefined where there is none. */
export function cleanEtag(raw: string | undefined): string | undefined {
  const bare = raw?.trim().replace(/^W\//, '').replace(/^"|"$/g, '').trim();
  return bare === '' ? undefined : bare;
}

/** The object's MD5 in lower-case hex, or undefined where the ETag does not say it. */
export function md5OfEtag(etag: string | undefined): string | undefined {
  const bare = cleanEtag(etag)?.toLowerCase();
  return bare !== undefined && /^[0-9a-f]{32}$/.test(bare) ? bare : undefined;
}
