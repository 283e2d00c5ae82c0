/** What verify tells people: within 80 columns, harmless for a terminal, and true about what is mended. */
import { expect, test } from 'vitest';
import { verifyText } from '#cli/output/verify-text.js';
import type { Damage, VerifyResult } from '#tasks/verify/result.js';

const sound: VerifyResult = {
  dataset: 'stocks_daily',
  deep: true,
  checked: { days: 504, series: 11_500, members: 25_394, bytes: 134e6, rows: 5_800_000 },
  damage: [],
  harmless: [],
  suspicions: [],
  users_rows: { series: 1, rows: 12 },
  kept_rows: { series: 0, rows: 0 },
  kept_files: [],
  left_out: [],
  waiting: ['D'],
  touched: { days: ['2024-05-31'], series: ['A', 'B'] },
  unrecorded: { days: [], series: ['C'] },
  leftovers: ['progress.json.unreadable-20240614T170000Z', 'a', 'b', 'c', 'd'],
};
const damage: readonly Damage[] = Array.from({ length: 20 }, (_, i) => ({
  kind: 'series-differs',
  file: `data_cache/T${i}_1d_data.csv`,
  ticker: `T${i}`,
  what: `${i} rows not as in the archive (first 2024-05-31), 3 rows lacking (first 2024-06-03)`,
}));

test('no line is wider than 79 columns, and nothing from a file reaches the terminal raw', () => {
  const evil: Damage = {
    kind: 'series-unreadable',
    file: 'data_cache/\u001b[2J.csv',
    what: '\u202eevil\u0007',
  };
  const suspicions = [
    { kind: 'jump', day: '2024-05-31', ticker: 'X\u001b[1m', what: 'its close went from 1 to 2, and back' },
  ] as const;
  const view = { ...sound, damage: [evil, ...damage], suspicions };
  const text = verifyText({ result: view, repair: undefined, seconds: 12.3 });
  expect(text.split('\n').filter((line) => line.length > 79)).toEqual([]);
  expect(text).not.toMatch(/[^\P{Cc}\n]|\p{Cf}/u);
  expect(text).toContain('… and 9 more (--json has all)');
});

test.each([
  [undefined, sound, 'No damage.'],
  [undefined, { ...sound, deep: false }, 'No damage. Only --deep reads every byte.'],
  [undefined, { ...sound, damage }, '20 damaged: barloom verify --deep --repair repairs what it can.'],
  [damage.map((one) => ({ ...one, repaired: true })), sound, 'All damage is repaired.'],
  [
    damage.map((one, i) => ({ ...one, repaired: i > 0 })),
    { ...sound, damage: damage.slice(0, 1) },
    '19 repaired, 1 not',
  ],
])('the last words are true: %#', (repaired, result, words) => {
  const repair = repaired === undefined ? undefined : { damage: repaired, mended: [] };
  const text = verifyText({ result, repair, seconds: 1 });
  expect(text.trimEnd().split('\n\n').at(-1)).toContain(words);
});
