import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dayBars } from '#market/datasets/series-form.js';
import { decodeTicker, encodeTicker, seriesFileName, tickerOfFileName } from '#store/series/file-name.js';

test.each([
  ['AAPL', 'AAPL'],
  ['BApA', 'BA_pA'],
  ['BRK.B', 'BRK.B'],
  ['BRK-B', 'BRK-B'],
  ['NE.WS.A', 'NE.WS.A'],
  ['O:TSLA250117C00200000', 'O%3ATSLA250117C00200000'],
  ['../../x', '%2E.%2F..%2F_x'],
  ['.', '%2E'],
  ['A_b%', 'A%5F_b%25'],
  ['~', '%7E'],
  ['é', '%C3%A9'],
  ['CON', 'CON'], // CON_1d_data.csv is no device
  ['CON.WS', '%43ON.WS'],
  ['LPT9.A.B', '%4CPT9.A.B'],
  ['con.WS', '_c_o_n.WS'],
  ['CONS.WS', 'CONS.WS'],
  ['COM10.A', 'COM10.A'],
  ['COM0.A', '%43OM0.A'],
  ['A\0\r\nB', 'A%00%0D%0AB'],
  ['', '%'],
])('%j is %s, and back', (ticker, name) => {
  expect(encodeTicker(ticker)).toBe(name);
  expect(decodeTicker(name)).toBe(ticker);
});

test('a name that no ticker has is nobody', () => {
  const names = [
    '',
    'a',
    'A_',
    '_A',
    '%4',
    '%3a',
    '%41',
    'A%',
    '.A',
    'CON.WS',
    '%80',
    '%ED%A0%80',
    'A~B',
    'É',
    'A/B',
    'A\n',
  ];
  for (const name of names) expect(decodeTicker(name), name).toBeUndefined();
});

test('long names end in a hash, and stay apart', () => {
  const long = 'x'.repeat(100);
  expect(encodeTicker(long)).toMatch(/^(?:_x){73}~[0-9a-f]{32}$/);
  expect(encodeTicker(`${long}y`)).not.toBe(encodeTicker(`${long}z`));
  expect(decodeTicker(encodeTicker(long))).toBeUndefined();
  expect(encodeTicker('X'.repeat(180))).toBe('X'.repeat(180));
  expect(encodeTicker(':'.repeat(100))).toMatch(/^(?:%3A){49}~/);
});

const ticker = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.string({ unit: fc.constantFrom(...'AaBb.-_%/\\:~0cCoOnN\ud800\udc00'), maxLength: 200 }),
  fc
    .tuple(fc.constantFrom('CON', 'con', 'AUX', 'COM1', 'LPT'), fc.constantFrom('', '.', '.WS', 'x'))
    .map((it) => it.join('')),
);

test('different tickers have different names, also where case does not count', () => {
  fc.assert(
    fc.property(ticker, ticker, (a, b) => {
      expect(encodeTicker(a).toLowerCase() === encodeTicker(b).toLowerCase()).toBe(a === b);
    }),
    { numRuns: 2000 },
  );
  const close = fc.string({ unit: fc.constantFrom(...'aA_%4'), maxLength: 4 });
  fc.assert(
    fc.property(close, close, (a, b) => {
      expect(encodeTicker(a).toLowerCase() === encodeTicker(b).toLowerCase()).toBe(a === b);
    }),
    { numRuns: 3000 },
  );
});

test('every name is safe, and has its way back unless it is hashed', () => {
  fc.assert(
    fc.property(ticker, (text) => {
      const name = encodeTicker(text);
      expect(name).toMatch(/^[A-Za-z0-9._%~-]{1,180}$/);
      expect(name.startsWith('.')).toBe(false);
      const file = seriesFileName(text, dayBars);
      expect(file).not.toMatch(/^(?:CON|PRN|AUX|NUL|COM\d|LPT\d)(?:\.|$)/i);
      const isWellFormed = Buffer.from(text, 'utf8').toString('utf8') === text;
      const back = name.includes('~') || !isWellFormed ? undefined : text;
      expect(decodeTicker(name)).toBe(back);
      expect(tickerOfFileName(file, dayBars)).toBe(back);
    }),
    { numRuns: 2000 },
  );
  expect(tickerOfFileName('AAPL_1m_data.csv', dayBars)).toBeUndefined();
});

test('a prefix that every ticker of a dataset has stands in no name, and one that lacks it has a name of its own', () => {
  const indices = { ...dayBars, prefix: 'I:' };
  expect(seriesFileName('I:SPX', indices)).toBe('SPX_1d_data.csv');
  expect(seriesFileName('SPX', indices)).toBe('~SPX_1d_data.csv');
  expect(tickerOfFileName('~I%3ASPX_1d_data.csv', indices)).toBeUndefined();
  fc.assert(
    fc.property(
      fc.oneof(
        ticker,
        ticker.map((text) => `I:${text}`),
      ),
      (text) => {
        const file = seriesFileName(text, indices);
        expect(file).not.toMatch(/^(?:CON|PRN|AUX|NUL|COM\d|LPT\d)(?:\.|$)/i);
        const back = tickerOfFileName(file, indices);
        if (back !== undefined) expect(back).toBe(text);
      },
    ),
  );
});
