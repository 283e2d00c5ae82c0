/**
 * accepted.json changed by barloom: what is accepted is what was said, and nothing that somebody wrote by
 * hand is lost.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  AcceptedFileError,
  type AcceptedHole,
  acceptedOf,
  parseAccepted,
  withAccepted,
  withoutAccepted,
} from '#store/ledger/accepted.js';

const hole = fc.record({
  dataset: fc.constantFrom('stocks_daily', 'options_daily'),
  day: fc.constantFrom('2024-05-20', '2024-05-21', '2024-05-22'),
  reason: fc.string({ unit: 'grapheme', minLength: 1 }),
});
const holes = fc.array(hole, { maxLength: 8 });

function asMap(some: readonly AcceptedHole[]): ReadonlyMap<string, string> {
  return new Map(some.map(({ dataset, day, reason }) => [`${dataset} ${day}`, reason]));
}

it('accepting adds or gives a new reason; taking back takes back that alone; both leave a sorted file', () => {
  fc.assert(
    fc.property(holes, holes, fc.array(hole, { minLength: 1, maxLength: 3 }), (first, second, gone) => {
      const text = withAccepted(withAccepted(undefined, first), second);
      expect(asMap(parseAccepted(text))).toEqual(asMap([...first, ...second]));
      const days: readonly string[] = gone.map(({ day }) => day);
      const left = parseAccepted(withoutAccepted(text, 'stocks_daily', days));
      expect(left).toEqual(
        parseAccepted(text).filter(({ dataset, day }) => dataset !== 'stocks_daily' || !days.includes(day)),
      );
      const keys = left.map(({ dataset, day }) => `${dataset} ${day}`);
      expect(keys).toEqual([...new Set(keys)].sort());
    }),
  );
});

it('accepted.json keeps fields that barloom does not know, of the file and of the entries', () => {
  const text = JSON.stringify({
    note: 'for the auditors',
    schema_version: 1,
    accepted: [
      { dataset: 'stocks_daily', day: '2024-05-21', reason: 'b', by: 'me' },
      { dataset: 'stocks_daily', day: '2024-05-20', reason: 'a', ticket: 4711 },
    ],
  });
  const changed = withAccepted(`\uFEFF${text}`, [
    { dataset: 'stocks_daily', day: '2024-05-20', reason: 'new' },
  ]);
  expect(JSON.parse(withoutAccepted(changed, 'stocks_daily', ['2024-05-21']))).toEqual({
    note: 'for the auditors',
    schema_version: 1,
    accepted: [{ dataset: 'stocks_daily', day: '2024-05-20', reason: 'new', ticket: 4711 }],
  });
});

it('of a day that stands in it twice, the last reason counts, and one entry is left', () => {
  const entry = { dataset: 'stocks_daily', day: '2024-05-20' };
  const text = JSON.stringify({
    schema_version: 1,
    accepted: [
      { ...entry, reason: 'first' },
      { ...entry, reason: 'last' },
    ],
  });
  expect(acceptedOf(parseAccepted(text), 'stocks_daily').get('2024-05-20')).toBe('last');
  expect(parseAccepted(withAccepted(text, []))).toEqual([{ ...entry, reason: 'last' }]);
});

it.each([
  '',
  '[]',
  '{}',
  '{"schema_version":2,"accepted":[]}',
  '{"schema_version":1,"accepted":[{"day":"x"}]}',
])('refuses to change %j', (text) => {
  expect(() => withAccepted(text, [])).toThrow(AcceptedFileError);
  expect(() => withoutAccepted(text, 'stocks_daily', [])).toThrow(AcceptedFileError);
});
