import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { vendorSpelling } from '#market/tickers/vendor-spelling.js';
import { parseTickerList } from '#store/lists/list-file.js';
import { TickerListError } from '#store/lists/ticker-list-error.js';
import { readTracked, renderTracked, renderUntracked } from '#store/lists/tracked.js';

const tickersOf = (text: string) => parseTickerList(text, { header: false });

test('what is there stays, letter for letter; only what is new is added', () => {
  expect(renderTracked(undefined, ['AAPL', 'BApA', 'AAPL'])).toBe('AAPL\nBApA\n');
  expect(renderTracked('# mine\r\nNVDA  # chips', ['BAPA', 'NVDA'])).toBe('# mine\r\nNVDA  # chips\nBAPA\n');
  expect(renderTracked('NVDA', ['NVDA'])).toBe('NVDA');
  expect(renderTracked(undefined, [])).toBe('');
  expect(renderTracked(undefined, ['SYMBOL'])).toBe('SYMBOL\n');
});

test.each(['', ' ', 'A,B', '#A', 'A #B', 'A\nB', '"A"', ' A'])('%j is not written', (ticker) => {
  expect(() => renderTracked('X\n', [ticker])).toThrow(TickerListError);
});

test('whatever stands in the file, nothing in it is lost and what was added is read back', () => {
  const ticker = fc
    .stringMatching(/^[A-Za-z0-9.:/#-]{1,8}$/)
    .filter((text) => !text.startsWith('#') && vendorSpelling(text) === text);
  const existing = fc
    .array(fc.oneof(fc.constantFrom('"', ',', '\n', '\r\n', '#', ' ', 'AAPL', 'brk.B'), fc.string()))
    .map((pieces) => pieces.join(''));
  fc.assert(
    fc.property(existing, fc.array(ticker), (text, add) => {
      const rendered = renderTracked(text, add);
      expect(rendered.startsWith(text)).toBe(true);
      expect(new Set(tickersOf(rendered))).toEqual(new Set([...tickersOf(text), ...add]));
      expect(renderTracked(rendered, add)).toBe(rendered);
    }),
    { numRuns: 1000 },
  );
});

test('of a line of several, only those go that are removed', () => {
  const text = '# mine\nAAPL, MSFT, NVDA\nF # Ford\nT\n';
  expect(renderUntracked(text, new Set(['MSFT', 'F']))).toBe('# mine\nAAPL\nNVDA\nT\n');
  expect(renderUntracked(text, new Set(['X']))).toBe(text);
});

test('read from the data folder; a folder without one tracks nothing', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'barloom-tracked-'));
  try {
    expect(await readTracked(folder)).toEqual({ text: undefined, tickers: [] });
    await writeFile(join(folder, 'tracked.txt'), 'SYMBOL\n');
    expect(await readTracked(folder)).toEqual({ text: 'SYMBOL\n', tickers: ['SYMBOL'] });
  } finally {
    await rm(folder, { recursive: true });
  }
});
