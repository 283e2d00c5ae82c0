/** One vendor under two names, and nobody else. */
import { expect, it } from 'vitest';
import { sameSource } from '#market/datasets/same-source.js';

const vendor = { endpoint: 'https://files.massive.com', bucket: 'flatfiles' };

it.each([
  [{ endpoint: 'https://files.polygon.io/', bucket: 'flatfiles' }, true],
  [{ endpoint: 'HTTPS://FILES.MASSIVE.COM', bucket: 'flatfiles' }, true],
  [{ endpoint: 'https://files.polygon.io', bucket: 'other' }, false],
  [{ endpoint: 'http://127.0.0.1:7480', bucket: 'flatfiles' }, false],
  [{ endpoint: 'file:///mirror', bucket: 'flatfiles' }, false],
])('%j: %s', (other, same) => {
  expect(sameSource(vendor, other)).toBe(same);
  expect(sameSource(other, vendor)).toBe(same);
  expect(sameSource(other, { ...other })).toBe(true);
});
