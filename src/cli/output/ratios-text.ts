/** Ratios of tickers: a column a basis, a line a ratio. */
import type { Unit } from '#market/ratios/ratio.js';
import { ratios } from '#market/ratios/ratios.js';
import type { RatioRow } from '#tasks/ratios/newest.js';
import { safeText } from './safe-text.js';

const NAME = Math.max(...ratios.map(({ name }) => name.length)) + 2;
const CELL = 12;

export function ratiosText(rows: readonly RatioRow[]): string {
  const tickers = [...new Set(rows.map((row) => String(row['ticker'])))];
  return tickers
    .map((ticker) =>
      tickerText(
        ticker,
        rows.filter((row) => row['ticker'] === ticker),
      ),
    )
    .join('\n');
}

function tickerText(ticker: string, rows: readonly RatioRow[]): string {
  const line = (name: string, cells: readonly string[]): string =>
    `  ${name.padEnd(NAME)}${cells.map((cell) => cell.padStart(CELL)).join('')}`.trimEnd();
  const head = (name: string, column: string): string =>
    line(
      name,
      rows.map((row) => String(row[column] ?? '-')),
    );
  const lines = [
    `${safeText(ticker)}  CIK ${safeText(String(rows[0]?.['cik'] ?? '-'))}`,
    head('', 'basis'),
    head('period ends', 'period_end'),
    head('known since', 'filing_date'),
  ];
  let section = '';
  for (const { name, unit, section: own } of ratios) {
    if (own !== section) lines.push(own);
    section = own;
    lines.push(
      line(
        name,
        rows.map((row) => valueText(row[name], unit)),
      ),
    );
  }
  return `${lines.join('\n')}\n`;
}

/** Fractions in percent; amounts in thousands, millions and so on. */
function valueText(value: RatioRow[string] | undefined, unit: Unit): string {
  if (typeof value !== 'number') return '-';
  switch (unit) {
    case 'f':
      return `${fixed(value * 100, 2)} %`;
    case 'x':
      return fixed(value, 2);
    case 'd':
      return fixed(value, 1);
    case 's':
      return fixed(value, 2);
    case 'i':
      return String(value);
    case 'c':
      return amount(value);
  }
}

function fixed(value: number, decimals: number): string {
  return Math.abs(value) >= 1e7 ? value.toExponential(2) : value.toFixed(decimals);
}

function amount(value: number): string {
  const size = Math.abs(value);
  const [unit, name] = UNITS.find(([from]) => size >= from) ?? [1, ''];
  return `${(value / unit).toFixed(unit === 1 ? 0 : 2)}${name}`;
}

const UNITS: readonly (readonly [number, string])[] = [
  [1e12, 'T'],
  [1e9, 'B'],
  [1e6, 'M'],
  [1e3, 'k'],
];
