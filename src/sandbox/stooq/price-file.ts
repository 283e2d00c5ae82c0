/**
 * The text of a synthetic price file: the vendor's header, CRLF, decimals of any length, and rows as long as
 * real histories are.
 */
import { addDays, weekday } from '#market/calendar/iso-day.js';
import { hashText, mix32 } from '#sandbox/market/hash.js';

const HEADER = '<TICKER>,<PER>,<DATE>,<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>,<OPENINT>\r\n';
const LAST_DAY = '2025-10-03';
/** Rows of real files at the 0th, 10th, 25th, 50th, 75th, 90th, 99th and 100th part in a hundred. */
const QUANTILES: readonly (readonly [part: number, rows: number])[] = [
  [0, 42],
  [0.1, 873],
  [0.25, 1672],
  [0.5, 2481],
  [0.75, 2675],
  [0.9, 3097],
  [0.99, 8938],
  [1, 10_349],
];
/** So many files in a thousand are empty. */
const EMPTY = 4;

/** Of a ticker with a history as long as real ones are. */
export function trueRows(ticker: string): number {
  const hash = hashText(ticker, 5) >>> 0;
  if (hash % 1000 < EMPTY) return 0;
  const part = (mix32(hash) >>> 0) / 2 ** 32;
  const above = Math.max(
    1,
    QUANTILES.findIndex(([p]) => p >= part),
  );
  const [[p0, r0], [p1, r1]] = [QUANTILES[above - 1] ?? [0, 42], QUANTILES[above] ?? [1, 42]];
  return Math.round(r0 + ((part - p0) / (p1 - p0)) * (r1 - r0));
}

/** The last `rows` weekdays up to 2025-10-03; '' for none. */
export function priceFileText(ticker: string, rows: number): string {
  if (rows === 0) return '';
  const seed = hashText(ticker, 1);
  const head = `${ticker},D,`;
  const days = weekdays(rows);
  const lines: string[] = [];
  // Six files in ten have days without trade, and they one in six.
  const isThin = (seed >>> 8) % 10 < 6;
  let price = 1 + ((seed >>> 0) % 20_000) / 100;
  for (let i = days.length - rows; i < days.length; i++) {
    const draw = mix32(seed + i) >>> 0;
    if (isThin && draw % 1000 < 160) {
      const flat = price.toFixed(1);
      lines.push(`${head}${days[i]},000000,${flat},${flat},${flat},${flat},0,0\r\n`);
      continue;
    }
    const open = price;
    price = Math.max(0.01, price * (1 + ((draw % 401) - 200) / 10_000));
    const high = Math.max(open, price) * 1.004;
    const low = Math.min(open, price) * 0.996;
    const volume = draw % 100 < 28 ? `${draw % 9_000_000}.${draw % 97}35` : draw % 9_000_000;
    const places = 2 + (draw % 3);
    lines.push(
      `${head}${days[i]},000000,${open.toFixed(places)},${high.toFixed(4)},${low.toFixed(4)},${price.toFixed(places)},${volume},0\r\n`,
    );
    price = Number(price.toFixed(places));
  }
  return HEADER + lines.join('');
}

let known: readonly string[] = [];

/** At least so many weekdays as YYYYMMDD, ascending, the last one the last. */
function weekdays(count: number): readonly string[] {
  if (known.length >= count) return known;
  const days: string[] = [];
  for (let day = LAST_DAY; days.length < Math.max(count, 11_000); day = addDays(day, -1))
    if (weekday(day) % 6 !== 0) days.push(day.replaceAll('-', ''));
  known = days.reverse();
  return known;
}
