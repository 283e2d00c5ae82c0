/** Lists as people's programs write them: all give the same instruments. */
import { expect, it } from 'vitest';
import { parseList } from '#vendors/broker/parse-list.js';

const PLAIN =
  'symbol,isin,market,name,currency\nAAPL:US,US0378331005,NSQ,"Apple, Inc.",USD\nŻYW:PW,,GPW,Żywiec,PLN\n';
const text = (bytes: Uint8Array) => parseList('a.csv', bytes).instruments;
const right = text(Buffer.from(PLAIN));

it('is read in any of the forms', () => {
  expect(right).toHaveLength(2);
  expect(right[0]).toEqual({
    symbol: 'AAPL:US',
    isin: 'US0378331005',
    market: 'NSQ',
    name: 'Apple, Inc.',
    currency: 'USD',
    sourceFile: 'a.csv',
  });
  const utf16 = Buffer.from(`\uFEFF${PLAIN}`, 'utf16le');
  const forms: Readonly<Record<string, Uint8Array>> = {
    mark: Buffer.from(`\uFEFF${PLAIN}`),
    'carriage returns': Buffer.from(PLAIN.replaceAll('\n', '\r\n')),
    'no last line end': Buffer.from(PLAIN.trimEnd()),
    semicolons: Buffer.from(
      PLAIN.replace('"Apple, Inc."', 'Apple. Inc.')
        .replaceAll(',', ';')
        .replace('Apple. Inc.', '"Apple, Inc."'),
    ),
    'upper case': Buffer.from(PLAIN.replace('symbol,isin', 'SYMBOL, Isin')),
    'UTF-16, little': utf16,
    'UTF-16, big': Buffer.from(utf16).swap16(),
    'UTF-16 without a mark': utf16.subarray(2),
    'blank lines': Buffer.from(PLAIN.replaceAll('\n', '\n\n')),
  };
  for (const [form, bytes] of Object.entries(forms)) expect(text(bytes), form).toEqual(right);
});

it('other columns and another order do not matter, and a lacking column is empty and told', () => {
  const { instruments, problems } = parseList('a.csv', Buffer.from('AUM,Market,Symbol\n"0,36",LSE,VOD\n'));
  expect(instruments).toEqual([
    { symbol: 'VOD', market: 'LSE', isin: '', name: '', currency: '', sourceFile: 'a.csv' },
  ]);
  expect(problems).toEqual([
    { line: 1, text: 'no column isin, name, currency: taken for empty', isLoss: false },
  ]);
});

it('tells the line of what it cannot use', () => {
  const list =
    'symbol,isin,market,name,currency\n"A\nB",,NSQ,,\n,US1,NSQ,,\nC,,NSQ,,\nC,,NSQ,,\nD,"open,NSQ\nE,,NSQ,,\n';
  const { instruments, problems } = parseList('a.csv', Buffer.from(list));
  expect(instruments.map(({ symbol }) => symbol)).toEqual(['A\nB', 'C', 'C']);
  expect(problems).toEqual([
    { line: 7, text: 'a quote that nothing closes: what follows it is not read', isLoss: true },
    { line: 4, text: 'a row without a symbol: left out', isLoss: false },
    { line: 6, text: 'C stands in line 5 already', isLoss: false },
  ]);
  expect(parseList('a.csv', Buffer.from('ticker,name\nAAPL,Apple\n'))).toEqual({
    instruments: [],
    problems: [{ line: 1, text: 'no column symbol among ticker, name', isLoss: true }],
  });
});
