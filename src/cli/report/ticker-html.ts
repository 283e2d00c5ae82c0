/** A ticker's report as a page: what show --json tells, with the events that are known. Pure. */
import { count } from '#cli/output/quantities.js';
import { footer } from './folder-html.js';
import { html, htmlTable, type Page } from './html.js';

export interface TickerReport {
  readonly ticker: string;
  readonly dataset: string;
  readonly adjusted: 'none' | 'splits' | 'all';
  readonly asOf: string | undefined;
  /** Ascending; prices are numbers, volume undefined where the dataset has none. */
  readonly bars: readonly TickerBar[];
  /** Sessions without a bar, and why where that is known. */
  readonly missing: readonly { readonly day: string; readonly reason: string }[];
  readonly events: readonly TickerEvent[];
  /** Name and value of each key figure. */
  readonly figures: readonly (readonly [name: string, value: string])[];
  /** What is to be said of adjustment and damage. */
  readonly notes: readonly string[];
}

export type TickerBar = readonly [
  day: string,
  open: number,
  high: number,
  low: number,
  close: number,
  volume?: number,
];

export interface TickerEvent {
  readonly day: string;
  readonly kind: 'split' | 'dividend';
  readonly what: string;
}

const RANGES = [
  ['1M', 1],
  ['3M', 3],
  ['6M', 6],
  ['1Y', 12],
  ['All', 0],
] as const;

const ADJUSTED = {
  none: 'Prices are as traded: not adjusted for splits or dividends.',
  splits: 'Prices are adjusted for splits.',
  all: 'Prices are adjusted for splits and dividends.',
};

export function tickerPage(report: TickerReport, version: string, made: string): Page {
  const { ticker, dataset, bars, missing, events, figures, notes, adjusted, asOf } = report;
  const [first, last] = [bars[0]?.[0] ?? '', bars.at(-1)?.[0] ?? ''];
  const label = `${ticker}: ${count(bars.length)} bars from ${first} to ${last}`;
  const body = html`<header><h1>${ticker}</h1>
<p>${dataset}, ${first} to ${last}, ${count(bars.length)} bars. ${ADJUSTED[adjusted]}${asOf === undefined ? '' : ` As of ${asOf}.`} Made ${made.slice(0, 10)} ${made.slice(11, 16)} UTC.</p>
${notes.map((note) => html`<p class="note">${note}</p>`)}</header>
<main>
<section aria-label="Chart"><div class="tools" role="group" aria-label="Range">${RANGES.map(([name, months]) => html`<button type="button" data-months="${months}">${name}</button>`)}</div>
<p class="legend" id="legend" aria-live="polite"></p>
<div class="chart" id="candles" role="img" aria-label="${label}. The table below has the same."></div></section>
${htmlTable('Key figures', ['Figure', 'Value'], figures, [1])}
${
  events.length === 0
    ? html``
    : htmlTable(
        'Splits and dividends',
        ['Day', 'Event', ''],
        events.map(({ day, kind, what }) => [day, kind, what]),
      )
}
${
  missing.length === 0
    ? html`<p>No session of the range is missing.</p>`
    : htmlTable(
        'Sessions without a bar',
        ['Day', 'Why'],
        missing.map(({ day, reason }) => [day, reason]),
      )
}
<section><h2>Bars</h2><div class="tools"><button type="button" id="copy">Copy as CSV</button> <span id="copied" role="status"></span></div><div id="bars" class="scroll"></div></section>
</main>
${footer(version)}`;
  return {
    title: `${ticker} (barloom)`,
    body,
    data: { kind: 'ticker', ticker, bars, missing: missing.map(({ day }) => day), events },
  };
}
