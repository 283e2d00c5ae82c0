/** A failed day costs the day; only what would fail for every day ends the run. */
import { expect, it } from 'vitest';
import { verdictOn } from '#ingest/run/verdict.js';
import { SourceError } from '#platform/http/source-error.js';

it.each([
  ['unauthenticated', 'end'],
  ['skewed', 'end'],
  ['configuration', 'end'],
  ['denied', 'denied'],
  ['network', 'unreachable'],
  ['throttled', 'unreachable'],
  ['server', 'unreachable'],
  ['damaged', 'failed'],
  ['not-found', 'failed'],
  ['changed', 'failed'],
] as const)('%s: %s', (kind, verdict) => {
  expect(verdictOn(new SourceError(kind, 'why'))).toBe(verdict);
});

it('the disk and our own mistakes end the run', () => {
  expect(verdictOn(Object.assign(new Error('no space'), { code: 'ENOSPC' }))).toBe('end');
  expect(verdictOn(new TypeError('undefined is not a function'))).toBe('end');
});
