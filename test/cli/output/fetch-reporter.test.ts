/** What a person, a pipe and a program hear of a fetch while it runs. */
import { expect, it } from 'vitest';
import { newFetchReporter } from '#cli/output/fetch-reporter.js';
import type { FetchEvent } from '#ingest/tables/events.js';

const window = { type: 'window', table: 'splits', window: '2024', added: 3, changed: 0, gone: 0 } as const;
const EVENTS: readonly FetchEvent[] = [
  { type: 'planned', table: 'splits', parts: 4 },
  { type: 'planned', table: 'dividends', parts: 9 },
  { type: 'planned', table: 'dividends', parts: 0 },
  { type: 'arrived', table: 'splits', rows: 3000 },
  { ...window, rows: 3000, ms: 1000 },
];

function heard(form: 'lines' | 'ndjson' | 'quiet', live: boolean, columns = 80): string {
  let [text, ms] = ['', 0];
  const reporter = newFetchReporter({
    form,
    live,
    write: (more) => {
      text += more;
    },
    columns: () => columns,
    clock: () => ms,
  });
  for (const event of EVENTS) {
    ms += 500;
    reporter.hear(event);
  }
  reporter.hear({ type: 'problem', table: 'splits', window: '2023', isWindow: true, message: 'gave out' });
  reporter.end();
  return text;
}

it('a terminal has a line with the table, windows done, time left, rows and rate, cut to its width', () => {
  const line = 'splits  1 of 4  ETA 0:08  3,000 rows  1,200 rows/s';
  expect(heard('lines', true)).toContain(`\r\x1b[2K${line}\r`);
  expect(heard('lines', true, 30)).toContain(`\r\x1b[2K${line.slice(0, 29)}\r`);
  expect(heard('lines', true)).toMatch(/splits 2023: gave out\n$/);
});

it('a pipe has a line a window, a program every event but pages, and quiet only what went wrong', () => {
  expect(heard('lines', false)).toBe('splits 2024: 3,000 rows, 3 new, 1.0 s\nsplits 2023: gave out\n');
  const told = heard('ndjson', false)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).type);
  expect(told).toEqual(['planned', 'planned', 'planned', 'window', 'problem']);
  expect(heard('quiet', false)).toBe('splits 2023: gave out\n');
});
