import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { SourceError } from '#platform/http/source-error.js';
import { openSource } from '#vendors/flatfiles/open-source.js';
import {
  folderOfEndpoint,
  normalizeEndpoint,
  refuseAmazonForVendorKeys,
  resolveEndpoint,
} from '#vendors/keys/endpoint.js';
import { expectKind } from '../flatfiles/conformance.js';

describe('resolveEndpoint', () => {
  const all = {
    flag: 'https://flag.example',
    env: { AWS_ENDPOINT_URL_S3: 'https://s3.example', AWS_ENDPOINT_URL: 'https://all.example' },
    profileEndpoint: 'https://profile.example',
  };
  it.each([
    [all, 'https://flag.example', 'flag'],
    [{ ...all, flag: undefined }, 'https://s3.example', 'AWS_ENDPOINT_URL_S3'],
    [
      { ...all, flag: '', env: { ...all.env, AWS_ENDPOINT_URL_S3: ' ' } },
      'https://all.example',
      'AWS_ENDPOINT_URL',
    ],
    [{ env: {}, profileEndpoint: all.profileEndpoint }, 'https://profile.example', 'profile'],
    [{ env: {} }, 'https://files.massive.com', 'default'],
  ])('%j', (candidates, endpoint, from) => {
    expect(resolveEndpoint(candidates)).toEqual({ endpoint, from });
  });
  it('takes a process environment as it is', () => {
    expect(resolveEndpoint({ env: process.env }).endpoint).toMatch(/^http|^file/);
  });
});

describe('normalizeEndpoint', () => {
  it.each([
    ['HTTPS://Files.Massive.COM/', 'https://files.massive.com'],
    ['https://files.massive.com:443', 'https://files.massive.com'],
    [' http://127.0.0.1:7480// ', 'http://127.0.0.1:7480'],
    ['http://[::1]:80/gateway/', 'http://[::1]/gateway'],
    ['file:mirror', pathToFileURL(resolve('mirror')).href],
    ['file:/data/my mirror/', 'file:///data/my%20mirror'],
    ['FILE:///data/my%20mirror', 'file:///data/my%20mirror'],
  ])('%s', (url, normalized) => {
    expect(normalizeEndpoint(url)).toBe(normalized);
    expect(normalizeEndpoint(normalized)).toBe(normalized);
  });
  it.each([
    'files.massive.com',
    's3://flatfiles',
    'https://',
    'https://host/?x=1',
    'https://host/#x',
    'file:',
    'file://server/share',
    'https://user:hunter2@files.massive.com',
    'https://hunter2@files.massive.com',
    'user:hunter2@files.massive.com',
    'https://user:hunter2@:bad',
  ])('refuses %s, and repeats no password', (url) => {
    const refused = caught(() => normalizeEndpoint(url));
    expect(refused.kind).toBe('configuration');
    expect(refused.message).not.toContain('hunter2');
  });
  it('gives back the folder of a file endpoint', () => {
    expect(folderOfEndpoint(normalizeEndpoint('file:/data/my mirror'))).toBe(resolve('/data/my mirror'));
    expect(folderOfEndpoint('https://files.massive.com')).toBeUndefined();
  });
});

describe('refuseAmazonForVendorKeys', () => {
  it.each([
    'https://s3.amazonaws.com',
    'https://S3.us-east-1.AmazonAWS.com./x',
    'https://flatfiles.s3.cn-north-1.amazonaws.com.cn',
  ])('does not send the keys of massive to %s', async (endpoint) => {
    expect(caught(() => refuseAmazonForVendorKeys(endpoint, 'massive')).kind).toBe('configuration');
    expect(() => refuseAmazonForVendorKeys(endpoint, 'mine')).not.toThrow();
    const credentials = { accessKeyId: 'a', secretAccessKey: 'b', profile: 'massive' };
    await expectKind(openSource({ endpoint, bucket: 'b', credentials, concurrency: 1 }), 'configuration');
  });
  it('has nothing against other hosts', () => {
    for (const endpoint of [
      'https://files.massive.com',
      'https://notamazonaws.com',
      'https://amazonaws.com.example',
    ]) {
      expect(() => refuseAmazonForVendorKeys(endpoint, 'massive')).not.toThrow();
    }
  });
});

it('openSource says unauthenticated where there are no keys', async () => {
  await expectKind(
    openSource({ endpoint: 'http://127.0.0.1:1', bucket: 'b', concurrency: 1 }),
    'unauthenticated',
  );
});

function caught(action: () => unknown): SourceError {
  try {
    action();
  } catch (error) {
    if (error instanceof SourceError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
