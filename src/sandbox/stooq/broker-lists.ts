/**
 * Three brokers' lists that fit a synthetic archive, in the forms that real ones have: without a currency
 * column but with the currency at the end of the name; with suffixes and other columns; with whole phrases
 * for a market. Some instruments have no price file.
 */
import type { ArchiveFile } from './archive-files.js';

export interface SyntheticList {
  readonly name: string;
  readonly text: string;
}

/** Rows of the real list, by market. */
const FIRST: readonly (readonly [market: string, rows: number, region: string, currency: string])[] = [
  ['NSQ', 1765, 'us', 'USD'],
  ['NYSE', 1444, 'us', 'USD'],
  ['LSE', 738, 'uk', 'GBX'],
  ['TSX', 434, '', 'CAD'],
  ['PAR', 235, '', 'EUR'],
  ['AMS', 135, '', 'EUR'],
  ['NYSE-MKT', 93, 'us', 'USD'],
  ['SWX', 79, '', 'CHF'],
  ['BRU', 44, '', 'EUR'],
];
const ODD_ROWS = [
  'NYSE,US0846707026,BRK.B,USD',
  'NYSE,US0605051046,BAC-L,USD',
  'LSE,GB0030913577,BT.A,GBX',
  'BRU,BE0003808251,EXM,EUR',
  'TSX,CA0000000001,HOM.U,CAD',
];
/** Of 70,000 files. */
const ALL_FILES = 70_000;

export function brokerLists(files: readonly ArchiveFile[]): readonly SyntheticList[] {
  const part = Math.min(1, files.length / ALL_FILES);
  const take = takerOf(files);
  const scaled = (rows: number): number => Math.max(1, Math.round(rows * part));
  const first = FIRST.flatMap(([market, rows, region, currency]) =>
    take(region, scaled(rows)).map(
      (symbol, i) => `${market},XX${market}${i},${symbol},Company ${symbol} ${currency}`,
    ),
  );
  const second = [
    ...take('uk', scaled(305)).map((symbol, i) =>
      etf(`${symbol}:LN`, `GBR-LSE`, i % 2 === 0 ? 'USD' : 'GBP'),
    ),
    ...take('', scaled(284)).map((symbol) => etf(`${symbol}:GR`, 'DEU-XETRA', 'EUR')),
    etf('ETFBTBSP:PW', 'GPW-WWA', 'PLN'),
    ...take('pl', scaled(15)).map((symbol) => etf(`${symbol}:PW`, 'GPW-WWA', 'PLN')),
  ];
  const phrases = ['NEW YORK STOCK EXCHANGE (USD) USA-NYSE', 'NASDAQ (USD) USA-NASDAQ'];
  const third = [
    'AAPL:US,US0378331005,NASDAQ (USD) USA-NASDAQ APPLE,INC,USD',
    'FB:US,US30303M1027,NASDAQ (USD) USA-NASDAQ FACEBOOK,INC,USD',
    ...take('us', scaled(1248)).map(
      (symbol, i) => `${symbol}:US,US${i},${phrases[i % 2]} COMPANY ${symbol},PLC,USD`,
    ),
  ];
  return [
    { name: 'broker-2025-08.csv', text: `market,isin,symbol,name\n${[...first, ...ODD_ROWS].join('\n')}\n` },
    {
      name: 'etfs-2023-10.csv',
      text: `\uFEFFMarket,ISIN,Symbol,Name,Currency,AUM,Fee\r\n${second.join('\r\n')}\r\n`,
    },
    { name: 'shares-2025-05.csv', text: `Symbol,ISIN,Market,Name,Currency\n${third.join('\n')}\n` },
  ];
}

function etf(symbol: string, market: string, currency: string): string {
  return `${market},IE00${symbol.slice(0, 4)},${symbol},ISHARES ${symbol} ETF,${currency},"1 200","0,36"`;
}

/**
 * The archive's names of a region without their ending, going round; one in twenty is no file's. Without a
 * region none is.
 */
function takerOf(files: readonly ArchiveFile[]): (region: string, count: number) => readonly string[] {
  const at = new Map<string, number>();
  const byRegion = new Map<string, readonly string[]>();
  const namesOf = (region: string): readonly string[] => {
    const names =
      byRegion.get(region) ??
      files.filter((one) => one.region === region).map(({ ticker }) => ticker.replace(/\.\w+$/, ''));
    byRegion.set(region, names);
    return names;
  };
  return (region, count) =>
    Array.from({ length: count }, () => {
      const n = at.get(region) ?? 0;
      at.set(region, n + 1);
      const names = namesOf(region);
      return n % 20 === 19 || names.length === 0 ? `ZZ${n}` : (names[n % names.length] ?? '');
    });
}
