/** A ticker's report: what `show --json` tells of it, and the splits and dividends of the tables. */
import type { Invocation } from '#cli/invocation.js';
import { count } from '#cli/output/quantities.js';
import { askCommand } from '#cli/run/ask-command.js';
import type { CommandContext } from '#cli/run/context.js';
import { lakeTools } from '#cli/run/lake-tools.js';
import { UsageError } from '#cli/usage-error.js';
import { NO_ACTIONS } from '#market/adjust/actions.js';
import { stocksDaily } from '#market/datasets/stocks.js';
import { hasActions, readActions } from '#tasks/adjust/read-actions.js';
import { withReader } from '#tasks/lake/open-lake.js';
import type { TickerBar, TickerEvent, TickerReport } from './ticker-html.js';

/** What is read of show's document. */
interface ShownDocument {
  readonly dataset: string;
  readonly adjusted: TickerReport['adjusted'];
  readonly as_of: string | null;
  readonly range: { readonly start: string; readonly end: string };
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  readonly missing: readonly string[];
  readonly left_out: readonly { readonly day: string; readonly reason: string }[];
  readonly figures: ShownFigures | null;
}

interface ShownFigures {
  readonly last: ShownPoint;
  readonly change: {
    readonly from: string;
    readonly amount: string | number;
    readonly percent?: number;
  } | null;
  readonly range: { readonly high: ShownPoint; readonly low: ShownPoint };
  readonly year: { readonly high: ShownPoint; readonly low: ShownPoint } | null;
  readonly volume: { readonly average: number; readonly over: number; readonly median: number };
}

interface ShownPoint {
  readonly price: string | number;
  readonly day: string;
}

const SHOW_FLAGS = ['start', 'end', 'days', 'months', 'adjust', 'asOf', 'dataset'] as const;

/** Throws UsageError with what `show` says where it cannot show the ticker. */
export async function tickerReport(
  ticker: string,
  context: CommandContext,
  invocation: Invocation,
): Promise<TickerReport> {
  const { flags, environment } = invocation;
  const question = {
    command: 'show',
    args: [ticker],
    flags: Object.fromEntries(SHOW_FLAGS.flatMap((name) => (name in flags ? [[name, flags[name]]] : []))),
  };
  const { document, notes } = await askCommand(question, invocation, environment.signal);
  if ('error' in document) throw new UsageError(String(Object(document['error']).message));
  const [shown] = document['datasets'] as readonly [ShownDocument];
  const reasons = new Map(shown.left_out.map(({ day, reason }) => [day, reason]));
  return {
    ticker,
    dataset: shown.dataset,
    adjusted: shown.adjusted,
    asOf: shown.as_of ?? undefined,
    bars: shown.rows.map(barOf),
    missing: shown.missing.map((day) => ({ day, reason: reasons.get(day) ?? '' })),
    events:
      shown.dataset === stocksDaily.name ? await eventsOf(ticker, shown.range, context, invocation) : [],
    figures: figuresOf(shown.figures),
    notes: notes.map((note) => note.replace(/^barloom: /, '')),
  };
}

function barOf(row: Readonly<Record<string, unknown>>): TickerBar {
  const price = (name: string): number => Number(row[name]);
  const bar = [String(row['date']), price('open'), price('high'), price('low'), price('close')] as const;
  const volume = row['volume'];
  return volume === undefined || volume === null || volume === '' ? bar : [...bar, Number(volume)];
}

async function eventsOf(
  ticker: string,
  { start, end }: { readonly start: string; readonly end: string },
  context: CommandContext,
  invocation: Invocation,
): Promise<readonly TickerEvent[]> {
  if (!hasActions(context.layout)) return [];
  const { memoryBytes, threads } = lakeTools('report', context, invocation);
  const all = await withReader({ memoryBytes, threads }, async (duck) =>
    readActions(context.layout, [ticker], await duck()),
  );
  const { splits, dividends } = all.get(ticker) ?? NO_ACTIONS;
  const events = [
    ...splits.map(({ day, from, to }) => ({
      day,
      kind: 'split' as const,
      what: `${plain(to)} for ${plain(from)}`,
    })),
    ...dividends.map(({ day, cash, currency }) => ({
      day,
      kind: 'dividend' as const,
      what: `${plain(cash)}${currency === undefined ? '' : ` ${currency}`} a share`,
    })),
  ];
  return events
    .filter(({ day }) => day >= start && day <= end)
    .sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0));
}

/** Without the zeros that a decimal ends with. */
function plain(decimal: string): string {
  return decimal.includes('.') ? decimal.replace(/\.?0+$/, '') : decimal;
}

function figuresOf(figures: ShownFigures | null): TickerReport['figures'] {
  if (figures === null) return [];
  const { last, change, range, year, volume } = figures;
  const point = ({ price, day }: ShownPoint): string => `${price} on ${day}`;
  return [
    ['Last close', point(last)],
    ...(change
      ? [
          [
            'Change',
            `${change.amount}${typeof change.percent === 'number' ? ` (${change.percent.toFixed(2)} %)` : ''}, from ${change.from}`,
          ] as const,
        ]
      : []),
    ['High of the range', point(range.high)],
    ['Low of the range', point(range.low)],
    ...(year ? [['52-week high', point(year.high)] as const, ['52-week low', point(year.low)] as const] : []),
    [`Average volume, ${volume.over} bars`, count(volume.average)],
    ['Median volume', count(volume.median)],
  ];
}
