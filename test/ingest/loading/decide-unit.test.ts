/** What is done with a day: the truth table, and what must never happen. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideUnit } from '#ingest/loading/decide-unit.js';
import { dropsIndexes } from '#ingest/loading/drop-decision.js';
import { LOAD_MODES } from '#ingest/loading/unit.js';
import type { LoadRecord } from '#store/database/loads.js';
import { covers, overlap, scopeOf } from '#store/database/scope.js';

const record = (scope: string, fingerprint: string, whole = true, rows = 10): LoadRecord => ({
  day: '2024-01-02',
  scope,
  fingerprint,
  rows,
  whole,
});

describe('decideUnit', () => {
  it.each([
    // scope, records, mode, expected
    ['', [], 'upsert', 'direct 0'],
    ['', [record('', 'new')], 'upsert', 'skip'],
    ['A', [record('', 'new')], 'append', 'skip'],
    ['A', [record('A,B', 'new')], 'upsert', 'skip'],
    ['', [record('', 'new')], 'replace', 'anew 0'],
    ['', [record('', 'new', false, 4)], 'upsert', 'direct 4'],
    ['', [record('', 'new', false, 4)], 'replace', 'direct 4'],
    ['', [record('', 'new', false, 4), record('A', 'new')], 'upsert', 'staged 4'],
    ['', [record('', 'old')], 'upsert', 'anew 0'],
    ['', [record('', 'old')], 'append', 'staged 0'],
    ['', [record('A', 'new')], 'upsert', 'staged 0'],
    ['', [record('A', 'new')], 'replace', 'anew 0'],
    ['A', [record('B', 'new')], 'upsert', 'direct 0'],
    ['A,B', [record('B', 'new')], 'upsert', 'staged 0'],
    ['A', [record('', 'old')], 'upsert', 'anew 0'],
    ['A', [record('', 'old')], 'append', 'staged 0'],
    ['', [record('A', 'old')], 'upsert', 'anew 0'],
    ['', [record('A', 'old'), record('B', 'new')], 'upsert', 'anew 0'],
    ['', [record('', 'new', false, 4), record('A', 'old')], 'upsert', 'staged 4'],
  ] as const)('%j with %j, %s: %s', (scope, records, mode, expected) => {
    const decision = decideUnit({ scope, fingerprint: 'new' }, records, mode);
    expect(decision.way === 'skip' ? 'skip' : `${decision.way} ${decision.done}`).toBe(expected);
  });

  const scopes = fc.subarray(['A', 'B', 'C']).map((symbols) => symbols.join(','));
  const records = fc.array(
    fc.record({ scope: scopes, fingerprint: fc.constantFrom('new', 'old'), whole: fc.boolean() }),
    { maxLength: 4 },
  );

  it('never goes straight into the table where a row of the unit may be recorded, but to go on with its own', () => {
    fc.assert(
      fc.property(scopes, records, fc.constantFrom(...LOAD_MODES), (scope, of, mode) => {
        const all = [
          ...new Map(of.map((one) => [one.scope, record(one.scope, one.fingerprint, one.whole)])).values(),
        ];
        const decision = decideUnit({ scope, fingerprint: 'new' }, all, mode);
        if (decision.way !== 'direct') return;
        for (const one of all.filter((other) => overlap(other.scope, scope))) {
          expect(one).toMatchObject({ scope, fingerprint: 'new', whole: false });
          expect(decision.done).toBe(one.rows);
        }
      }),
    );
  });

  it('append never deletes', () => {
    fc.assert(
      fc.property(scopes, records, (scope, of) => {
        const all = of.map((one) => record(one.scope, one.fingerprint, one.whole));
        expect(decideUnit({ scope, fingerprint: 'new' }, all, 'append').way).not.toBe('anew');
      }),
    );
  });
});

it('a scope of very many symbols is taken to be any, and covers itself', () => {
  const many = scopeOf(Array.from({ length: 200 }, (_, i) => `T${i}`));
  expect(many).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect([overlap(many, 'X'), covers(many, 'T1'), covers(many, many), covers('', many)]).toEqual([
    true,
    false,
    true,
    true,
  ]);
  expect(scopeOf(['B', 'A', 'B'])).toBe('A,B');
  expect(scopeOf(undefined)).toBe('');
});

it.each([
  [{ rowsThere: 0, rowsToLoad: 99_999 }, false],
  [{ rowsThere: 0, rowsToLoad: 100_000 }, true],
  [{ rowsThere: 200_000, rowsToLoad: 100_000 }, true],
  [{ rowsThere: 200_001, rowsToLoad: 100_000 }, false],
  [{ rowsThere: 0, rowsToLoad: 1_000_000, isFresh: false }, false],
  [{ rowsThere: 1e9, rowsToLoad: 1, wish: 'drop' }, true],
  [{ rowsThere: 0, rowsToLoad: 1, wish: 'drop', isFresh: false }, false],
  [{ rowsThere: 0, rowsToLoad: 1e9, wish: 'keep' }, false],
  [{ rowsThere: 1e9, rowsToLoad: 0, wish: 'drop' }, false],
] as const)('indexes go for %j: %s', (facts, expected) => {
  expect(dropsIndexes({ wish: 'auto', isFresh: true, ...facts })).toBe(expected);
});
