import { expect, it } from 'vitest';
import { meantText, unknownText } from '#cli/output/unknown-text.js';

it('an index by its bare name is answered with the vendor’s, whatever stock is near; others with near ones', () => {
  expect(meantText('SPX', ['SPY'])).toBe(' The index is I:SPX: give -t indices_daily.');
  expect(meantText('APPL', ['AAPL', 'APLE'])).toBe(' Did you mean AAPL or APLE?');
  expect(meantText('QQQQ', [])).toBe('');
  expect(unknownText(['VIX'], {}).replace(/\s+/g, ' ')).toBe(
    'VIX not tracked: no day holds it. The index is I:VIX: give -t indices_daily. ',
  );
});
