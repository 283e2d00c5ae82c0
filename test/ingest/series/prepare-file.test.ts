/** Whole files out of the archive: which rows of a file that is there give way. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { type PrepareRules, prepareFile } from '#ingest/series/prepare-file.js';
import { newSeriesComposer } from '#ingest/series/series-composer.js';
import { dayBars } from '#market/datasets/series-form.js';

const DAYS = ['2024-06-03', '2024-06-04', '2024-06-05'];
const HEADER = 'Date,Open,High,Low,Close,Volume\n';
const BAR = '500,501,499,500.5,100';
const line = (day: string, values = BAR): string => `${day},${values}\n`;

/** The archive has a bar of the first two days. */
function prepared(text: string, rules: Partial<PrepareRules>) {
  const folder = mkdtempSync(path.join(tmpdir(), 'barloom-prepare-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = path.join(folder, 'A_1d_data.csv');
  writeFileSync(file, text);
  const composer = newSeriesComposer(DAYS, dayBars);
  composer.begin();
  const bytes = new Uint8Array(Buffer.from(`A${BAR}`));
  const taken = { bytes, ends: new Uint32Array([1, bytes.length]) };
  for (const d of [0, 1]) composer.add(d, taken, 0);
  const count = () => new Int32Array(DAYS.length);
  const counts = { added: count(), unchanged: count(), corrected: count(), kept: count() };
  const numbers = new Map(DAYS.map((day, d) => [day, d]));
  const found = prepareFile(file, composer, { form: dayBars, numbers, archiveWins: true, ...rules }, counts);
  return { ...found, text: found.temporary === undefined ? text : readFileSync(found.temporary, 'utf8') };
}

const EDITED =
  HEADER +
  line('2024-06-03', '1,1,1,1,1') +
  line('2024-06-04', '2,2,2,2,2') +
  line('2024-06-05', '3,3,3,3,3');

it('where the archive wins, all that is not its goes; where the user has rows, those stay, and days without a bar', () => {
  expect(prepared(EDITED, {}).text).toBe(HEADER + line('2024-06-03') + line('2024-06-04'));
  const kept = prepared(EDITED, { isUsers: (day) => day === '2024-06-03' });
  expect(kept.text).toBe(
    HEADER + line('2024-06-03', '1,1,1,1,1') + line('2024-06-04') + line('2024-06-05', '3,3,3,3,3'),
  );
  expect(kept.kept).toEqual(['2024-06-03']);
  expect(prepared(EDITED, { archiveWins: false }).text).toBe(EDITED);
});

it('a file that breaks off in its last row gets that row whole, and one that only lacks its last line end keeps its own', () => {
  const whole = HEADER + line('2024-06-03') + line('2024-06-04');
  expect(prepared(whole.slice(0, -2), { archiveWins: false }).text).toBe(whole);
  const own = `${HEADER}${line('2024-06-03')}2024-06-04,500,501,499,500.5,7`;
  expect(prepared(own, { archiveWins: false }).kept).toEqual(['2024-06-04']);
});

it('seams are told at rows of now, by which days are the vendor’s', () => {
  const before = HEADER + line('2024-05-31', '50,50,50,50,1');
  const vendors = new Set(DAYS);
  expect(prepared(before, { archiveWins: false, vendors }).seams).toEqual([
    expect.stringContaining('your rows end on 2024-05-31'),
  ]);
  expect(prepared(before, { archiveWins: false }).seams).toEqual([]);
  const known = new Set([...DAYS, '2024-05-31']);
  expect(prepared(before, { archiveWins: false, vendors: known }).seams).toEqual([]);
});
