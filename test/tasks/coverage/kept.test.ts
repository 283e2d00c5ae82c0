/** What a folder shows of how it is kept. */
import { expect, it } from 'vitest';
import { type DayRecord, datasetProgress, emptyProgress } from '#store/ledger/model.js';
import { keepsArchive, wantedIn } from '#tasks/coverage/kept.js';

const COPY = { size: 1, mtimeMs: 1 };

it.each<[string, readonly DayRecord[], readonly string[], boolean]>([
  ['an empty folder', [], [], true],
  ['days without a copy', [{ size: 1 }], [], false],
  ['days without a copy, and one with', [{ size: 1 }, { size: 1, archive: COPY }], ['2024-05-01'], true],
  ['an archive that is gone', [{ size: 1, archive: COPY }], [], true],
  ['nothing but days that were refused', [{ problem: { state: 'denied', reason: '403' } }], [], true],
])('whether it keeps an archive: %s', (_, records, archived, keeps) => {
  const known = datasetProgress(emptyProgress(), 'stocks_daily');
  records.forEach((record, i) => {
    known.days.set(`2024-05-0${i + 1}`, record);
  });
  expect(keepsArchive(known, archived)).toBe(keeps);
});

it('which tickers it wants', () => {
  const known = datasetProgress(emptyProgress(), 'stocks_daily');
  expect(wantedIn(known, ['AAPL'])).toEqual(['AAPL']);
  known.everyTicker = [['2024-05-01', '2024-05-02']];
  expect(wantedIn(known, ['AAPL'])).toBe('*');
});
