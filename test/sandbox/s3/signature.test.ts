import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { checkSignature } from '#sandbox/s3/signature.js';

// The examples of https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html and
// sigv4-query-string-auth.html.
const CREDENTIALS = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
};
const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const SCOPE = 'AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request';
const then = (seconds: number) => () => new Date(Date.parse('2013-05-24T00:00:00Z') + seconds * 1000);

function asked(url: string, headers: Record<string, string>): IncomingMessage {
  const all = { host: 'examplebucket.s3.amazonaws.com', ...headers };
  const headersDistinct = Object.fromEntries(Object.entries(all).map(([name, value]) => [name, [value]]));
  return { method: 'GET', url, headers: all, headersDistinct } as unknown as IncomingMessage;
}

function signed(
  url: string,
  headers: Record<string, string>,
  signedHeaders: string,
  signature: string,
): IncomingMessage {
  return asked(url, {
    'x-amz-date': '20130524T000000Z',
    'x-amz-content-sha256': EMPTY,
    authorization: `AWS4-HMAC-SHA256 Credential=${SCOPE},SignedHeaders=${signedHeaders},Signature=${signature}`,
    ...headers,
  });
}

const getObject = (range: string) =>
  signed(
    '/test.txt',
    { range },
    'host;range;x-amz-content-sha256;x-amz-date',
    'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
  );
const presigned = (expires: number) =>
  asked(
    `/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${encodeURIComponent(SCOPE)}&X-Amz-Date=20130524T000000Z&X-Amz-Expires=${expires}&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404`,
    {},
  );

test("Amazon's own examples pass", () => {
  expect(checkSignature(getObject('bytes=0-9'), CREDENTIALS, then(0))).toBeUndefined();
  expect(checkSignature(presigned(86_400), CREDENTIALS, then(80_000))).toBeUndefined();
  const list = signed(
    '/?max-keys=2&prefix=J',
    {},
    'host;x-amz-content-sha256;x-amz-date',
    '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
  );
  expect(checkSignature(list, CREDENTIALS, undefined)).toBeUndefined();
});

test('and changed ones do not', () => {
  expect(checkSignature(getObject('bytes=0-8'), CREDENTIALS, then(0))).toBe('SignatureDoesNotMatch');
  expect(checkSignature(presigned(86_401), CREDENTIALS, then(0))).toBe('SignatureDoesNotMatch');
  expect(checkSignature(presigned(86_400), CREDENTIALS, then(86_401))).toBe('AccessDenied');
  expect(checkSignature(getObject('bytes=0-9'), CREDENTIALS, then(901))).toBe('RequestTimeTooSkewed');
  expect(checkSignature(getObject('bytes=0-9'), { ...CREDENTIALS, accessKeyId: 'x' }, then(0))).toBe(
    'InvalidAccessKeyId',
  );
  expect(checkSignature(asked('/test.txt', {}), CREDENTIALS, then(0))).toBe('AccessDenied');
  expect(
    checkSignature(asked('/test.txt', { authorization: 'AWS4-HMAC-SHA256 x' }), CREDENTIALS, then(0)),
  ).toBe('AccessDenied');
});
