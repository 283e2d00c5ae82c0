/**
 * Day files for tests: plain ones from rows, and nasty ones that no vendor should write. Text is Latin-1, a
 * character a byte.
 */
import fc from 'fast-check';

export const HEADER = 'ticker,volume,open,close,high,low,window_start,transactions';

/** A day file of bars; only the tickers and the closes (from 1 to 9) matter. */
export function dayOf(rows: readonly (readonly [ticker: string, close: number])[], lineEnd = '\n'): Buffer {
  return Buffer.from(
    [HEADER, ...rows.map(([ticker, close]) => rowOf(ticker, close))].map((line) => line + lineEnd).join(''),
  );
}

export function rowOf(ticker: string, close: number): string {
  return `${ticker},100,1,${close},9,1,1709787600000000000,5`;
}

/** Tickers that are prefixes of each other, differ in case only, or are not ASCII. */
export const tickers: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    'A',
    'AA',
    'AAP',
    'AAp',
    'AAPL',
    'BCPC',
    'BCpC',
    'NA',
    'TRUE',
    'CON',
    'BRK.B',
    'O:TSLA250117C00200000',
    'É',
    '日本',
  ),
  fc.string({ unit: fc.constantFrom('A', 'B', 'a', '.', '~', 'Z'), minLength: 1, maxLength: 4 }),
);

const number = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      '1',
      '2',
      '3',
      '2.5',
      '2.50',
      '9.000000',
      '0.0055',
      '700000.000000',
      '33278552.153126',
    ),
  },
  fc.constantFrom(
    '',
    '0',
    '0.0',
    '-1',
    '+1',
    '-0',
    'NaN',
    'nan',
    'inf',
    '1e-05',
    '1.5E+06',
    '2e0',
    '1e99',
    '1e',
    '.5',
    '5.',
    '.',
    '1.2.3',
  ),
  fc.constantFrom(
    '007',
    ' 1',
    '1 ',
    '0x10',
    '1_000',
    '\0',
    '1\0',
    '1\r',
    '\r',
    '\r1',
    '123456789012345678901234567890',
    `1.${'0'.repeat(29)}1`,
  ),
  fc.string({ unit: fc.constantFrom(...'0123456789.'), maxLength: 32 }),
);
const tickerBytes = fc.oneof(
  { weight: 4, arbitrary: tickers.map((ticker) => Buffer.from(ticker).toString('latin1')) },
  fc.constantFrom(
    '',
    '\xff',
    'A\x80',
    '\xc3',
    'A\0',
    '\r',
    'A\r',
    ' A',
    '\xef\xbb\xbfA',
    '\t',
    '\x1b[2J',
    '../../x',
  ),
);
const stamp = fc.constantFrom('1709787600000000000', '-68400000000000', '', 'x');
const others = ['transactions', 'otc', '', 'vwap', 'ticker', 'open'];

const header = fc
  .tuple(
    fc.oneof(
      { weight: 6, arbitrary: fc.shuffledSubarray(HEADER.split(','), { minLength: 8 }) },
      fc.shuffledSubarray(HEADER.split(','), { minLength: 6 }),
    ),
    fc.array(fc.constantFrom(...others), { maxLength: 3 }),
    fc.nat(),
  )
  .map(([names, extra, at]) => {
    const all = [...names];
    all.splice(at % (all.length + 1), 0, ...extra);
    return all;
  });

function fieldFor(name: string): fc.Arbitrary<string> {
  if (name === 'ticker') return tickerBytes;
  // Often a range that leaves room for the others: there must be bars among the records, too.
  if (name === 'high')
    return fc.oneof({ weight: 4, arbitrary: fc.constantFrom('700000.000000', '1e39') }, number);
  if (name === 'low') return fc.oneof({ weight: 4, arbitrary: fc.constantFrom('0.0055', '1e-05') }, number);
  return name === 'window_start' ? stamp : number;
}

const lineEnds = fc.constantFrom(
  '\n',
  '\n',
  '\r\n',
  '\r\n',
  '\n\n',
  '\r\n\n',
  '\n\r\n\r\n',
  '\r\r\n',
  '\n\r',
);

/** Mostly like a day file; seldom a sound one. */
const almostDays = header.chain((names) => {
  const record = fc
    .tuple(
      fc.tuple(...names.map(fieldFor)),
      fc.oneof({ weight: 8, arbitrary: fc.constant(0) }, fc.constantFrom(-20, -1, 1, 2, 70, 3000)),
    )
    .map(([fields, extra]) =>
      extra < 0
        ? fields.slice(0, extra)
        : [...fields, ...Array.from({ length: extra }, (_, i) => (i % 7 === 0 ? 'x' : ''))],
    );
  return fc
    .tuple(
      fc.constantFrom('', '', '\xef\xbb\xbf', '\n', '\r\n\n', '\xef\xbb\xbf\n', '\xef\xbb\xbf\r\n', '\r'),
      fc.array(fc.tuple(record, lineEnds), { maxLength: 12 }),
      lineEnds,
      fc.boolean(),
    )
    .map(([before, records, firstEnd, cut]) => {
      const text = `${before}${names.join(',')}${firstEnd}${records.map(([fields, end]) => fields.join(',') + end).join('')}`;
      return cut ? text.replace(/[\r\n]+$/, '') : text;
    });
});

const noise = fc
  .string({
    unit: fc.constantFrom('A', 'B', ',', ',', '1', '2', '.', '\n', '\r', '\0', '\x80', '\xc3', '\xef', ' '),
    maxLength: 60,
  })
  .map((rest) => `ticker,open,high,low,close,volume\n${rest}`);

const anything = fc
  .uint8Array({ maxLength: 80 })
  .map((bytes) => Buffer.from(bytes).toString('latin1').replaceAll('"', "'"));

/** Texts that hold no quote, and that both scanners must read alike. */
export const unquotedTexts: fc.Arbitrary<Buffer> = fc
  .oneof(
    { weight: 5, arbitrary: almostDays },
    { weight: 3, arbitrary: noise },
    { weight: 1, arbitrary: anything },
  )
  .map((text) => Buffer.from(text, 'latin1'));

const quotedNoise = fc
  .string({
    unit: fc.constantFrom('"', '"', '"', '""', ',', ',', 'A', '1', '\n', '\r\n', '\r', '\0', '\xff', ' '),
    maxLength: 40,
  })
  .map((rest) => `ticker,open,high,low,close,volume\n${rest}`);

const quotedField = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('1', '2.50', 'A', '', '12') },
  fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r\n', '1', 'A', '\r'), maxLength: 5 }).map(quotedAs),
  fc.constantFrom('"12,37"', '""', 'A"B', '5"', '"a"b', '"', '" '),
);

function quotedAs(field: string): string {
  return `"${field.replaceAll('"', '""')}"`;
}

const quotedDays = fc
  .tuple(
    fc.constantFrom('', '\xef\xbb\xbf', '\n'),
    fc.constantFrom(HEADER, '"ticker",volume,open,close,high,low,"a\nb"', `${HEADER},"x""y"`),
    fc.array(fc.tuple(tickerBytes, fc.array(quotedField, { maxLength: 9 }), lineEnds), { maxLength: 10 }),
  )
  .map(
    ([before, first, records]) =>
      `${before}${first}\n${records.map(([ticker, fields, end]) => [ticker, ...fields].join(',') + end).join('')}`,
  );

/** Texts full of quotes, closed and not, in every place. */
export const quotedTexts: fc.Arbitrary<Buffer> = fc
  .oneof(quotedNoise, quotedDays)
  .map((text) => Buffer.from(text, 'latin1'));
