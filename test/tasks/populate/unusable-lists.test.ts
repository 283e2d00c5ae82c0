import { expect, test } from 'vitest';
import { unusableLists } from '#tasks/populate/unusable-lists.js';

test.each([
  ['some of its tickers were seen', ['AAPL', 'APPL'], undefined, ['APPL'], undefined],
  [
    'none of them was',
    ['APPL', 'MFST'],
    undefined,
    ['APPL', 'MFST'],
    'names only tickers that no day has held',
  ],
  ['it is no list', [], 'is an HTML page', [], 'is an HTML page'],
  ['it is empty, or another dataset’s', [], undefined, ['APPL'], undefined],
])('%s', (_, tickers, barren, neverSeen, reason) => {
  const unusable = unusableLists([{ file: 'a.txt', tickers, barren }], neverSeen);
  expect(unusable).toEqual(reason === undefined ? [] : [{ file: 'a.txt', reason }]);
});
