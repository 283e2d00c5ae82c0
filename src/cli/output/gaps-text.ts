/**
 * What is not here, for people: the sessions summed up, each range of holes with its reason, the tickers' own
 * holes in a few lines.
 */
import type { DatasetGaps, TickerGaps } from '#tasks/gaps/find-gaps.js';
import { type GapRange, isOpen } from '#tasks/gaps/gap-ranges.js';
import { REUSED_AFTER, type TickerGapState, type TickerRange } from '#tasks/gaps/ticker-gaps.js';
import { paragraph, row, wrapped } from './paragraph.js';
import { count, counted } from './quantities.js';
import { safeText } from './safe-text.js';

export interface GapsView {
  readonly datasets: readonly DatasetGaps[];
  /** What this call accepted, or took back. */
  readonly accepted?: readonly { readonly day: string; readonly reason: string }[];
  readonly unaccepted?: readonly { readonly day: string; readonly reason: string }[];
}

/** How many ranges, and how many tickers of each kind, are told; the --json document has all. */
const RANGES_TOLD = 24;
const TICKERS_TOLD = 8;

export function gapsText(view: GapsView): string {
  const lines = [...changePart(view), ...view.datasets.flatMap(datasetPart)];
  return `${lines.join('\n')}\n`;
}

function changePart({ accepted = [], unaccepted = [] }: GapsView): string[] {
  const [first] = accepted;
  if (first !== undefined) return paragraph(`accepted ${daysOf(accepted)}: ${safeText(first.reason)}`, '');
  return unaccepted.length === 0 ? [] : paragraph(`no longer accepted: ${daysOf(unaccepted)}`, '');
}

/** `changed`: ascending, at least one. */
function daysOf(changed: readonly { readonly day: string }[]): string {
  const days = changed.map(({ day }) => day);
  return days.length <= 3
    ? days.join(', ')
    : `${counted(days.length, 'session')} from ${days[0]} to ${days.at(-1)}`;
}

function datasetPart(found: DatasetGaps): string[] {
  return [
    '',
    `${found.dataset}  ${found.range.start} to ${found.range.end}`,
    row('sessions', count(found.sessions)),
    ...wrapped('', sessionParts(found)),
    ...(found.tickers.length === 0 ? [] : tickersPart(found.tickers)),
    ...rangesPart(found.gaps),
    ...detailsPart(found.tickers),
    ...leftOutPart(found),
    '',
    ...nextPart(found),
  ];
}

function sessionParts({ done, extra, pending, pruned, accepted, open }: DatasetGaps): string[] {
  const parts: readonly (readonly [number, string])[] = [
    [done, 'here'],
    [pending, 'not published yet'],
    [pruned, 'pruned'],
    [accepted, 'accepted'],
    [open, open === 1 ? 'open hole' : 'open holes'],
    [extra, extra === 1 ? 'extra day' : 'extra days'],
  ];
  return parts.filter(([n]) => n > 0).map(([n, what]) => `${count(n)} ${what}`);
}

function rangesPart(gaps: readonly GapRange[]): string[] {
  if (gaps.length === 0) return [];
  const told = gaps.slice(-RANGES_TOLD);
  const left = gaps.length - told.length;
  return [
    '',
    ...(left > 0 ? [`  ${counted(left, 'earlier range')} … (--json has all)`] : []),
    ...told.flatMap((gap) => {
      const { state, reason, accepted } = gap;
      return paragraph(
        accepted === undefined
          ? `${state} ${span(gap)}: ${safeText(reason)}`
          : `accepted (${state}) ${span(gap)}: ${safeText(accepted)}`,
      );
    }),
  ];
}

function span({ start, end, sessions }: Pick<GapRange, 'start' | 'end' | 'sessions'>): string {
  return start === end ? start : `${start} to ${end} (${counted(sessions, 'session')})`;
}

const IN_SHORT: Readonly<Record<TickerGapState, string>> = {
  'not-filled': 'not filled',
  'not-looked-up': 'not looked up',
  'left-out': 'with a record that was left out',
  'never-seen': 'never seen',
  delisted: 'delisted',
  halted: 'halted or suspended',
  renamed: 'renamed',
  'not-yet-listed': 'not yet listed at first',
  'no-trade': 'without a trade on some days',
};

function tickersPart(tickers: readonly TickerGaps[]): string[] {
  const unreadable = tickers.filter((ticker) => ticker.unreadable !== undefined).length;
  const complete = tickers.filter((ticker) => ticker.gaps.length === 0 && ticker.unreadable === undefined);
  const kinds = STATES.flatMap((state) => {
    const n = tickers.filter(({ gaps }) => gaps.some((gap) => gap.state === state)).length;
    return n === 0 ? [] : [`${count(n)} ${IN_SHORT[state]}`];
  });
  const parts = [
    ...(complete.length > 0 ? [`${count(complete.length)} with a bar on every session`] : []),
    ...kinds,
    ...(unreadable > 0 ? [`${count(unreadable)} that cannot be read`] : []),
  ];
  return [row('tickers', count(tickers.length)), ...wrapped('', parts)];
}

const STATES = Object.keys(IN_SHORT) as readonly TickerGapState[];

/** A line or two for each kind of trouble; what is ordinary, days without a trade, is only counted. */
function detailsPart(tickers: readonly TickerGaps[]): string[] {
  const unreadable = tickers.flatMap(({ ticker, unreadable: reason }) =>
    reason === undefined ? [] : paragraph(`${safeText(ticker)} cannot be read: ${safeText(reason)}`),
  );
  const lines = STATES.flatMap((state) => {
    const ranges = tickers.flatMap(({ ticker, gaps }) =>
      gaps.filter((gap) => gap.state === state).map((gap) => ({ ticker, gap })),
    );
    return ranges.length === 0 || state === 'no-trade' ? [] : paragraph(kindPart(state, ranges));
  });
  return unreadable.length + lines.length === 0 ? [] : ['', ...lines, ...unreadable];
}

/** The newest of each ticker, whether or not other records of that day are in its series. */
function leftOutPart({ left_out: all, left_out_unread: unread }: DatasetGaps): string[] {
  const rest =
    unread === 0
      ? []
      : paragraph(
          `of ${counted(unread, 'large day')} nobody has looked what was left out: barloom verify --deep does`,
        );
  if (all.length === 0) return rest.length === 0 ? [] : ['', ...rest];
  const newest = new Map(all.map((one) => [one.ticker, one]));
  const parts = [...newest.values()].map(
    ({ day, ticker, line, reason }) => `${safeText(ticker)} ${day} (line ${line}: ${safeText(reason)})`,
  );
  return ['', ...paragraph(`records left out of the series: ${listed(parts)}`), ...rest];
}

interface TickerAndRange {
  readonly ticker: string;
  readonly gap: TickerRange;
}

function kindPart(state: TickerGapState, ranges: readonly TickerAndRange[]): string {
  switch (state) {
    case 'not-filled':
      return `not filled: ${sessionsByTicker(ranges)}: run ${rebuildOf(ranges)}`;
    case 'not-looked-up':
      return `not looked up: ${sessionsByTicker(ranges)}: no archive holds them, run barloom populate`;
    default:
      return `${IN_SHORT[state]}: ${listed([...byTicker(ranges)].map(([ticker, gaps]) => detail(ticker, gaps)))}`;
  }
}

function byTicker(ranges: readonly TickerAndRange[]): ReadonlyMap<string, readonly TickerRange[]> {
  const gaps = new Map<string, TickerRange[]>();
  for (const { ticker, gap } of ranges) {
    const own = gaps.get(ticker);
    if (own === undefined) gaps.set(ticker, [gap]);
    else own.push(gap);
  }
  return gaps;
}

/** `gaps`: of one state, at least one; the newest is told. */
function detail(ticker: string, gaps: readonly TickerRange[]): string {
  const name = safeText(ticker);
  const gap = gaps.at(-1);
  switch (gap?.state) {
    case 'halted': {
      const before = gaps.length === 1 ? '' : ` and ${counted(gaps.length - 1, 'time')} before`;
      return `${name} ${span(gap)}${before}${gap.sessions < REUSED_AFTER ? '' : `: ${gap.reason}`}`;
    }
    case 'left-out':
      return `${name} ${span(gap)} (${gap.reason})`;
    case 'delisted':
    case 'renamed':
    case 'not-yet-listed':
      return `${name} (${gap.reason})`;
    default:
      return name;
  }
}

function sessionsByTicker(ranges: readonly TickerAndRange[]): string {
  const sums = [...byTicker(ranges)].map(([ticker, gaps]) => {
    const sessions = gaps.reduce((n, gap) => n + gap.sessions, 0);
    return `${safeText(ticker)} (${counted(sessions, 'session')})`;
  });
  return listed(sums);
}

function rebuildOf(ranges: readonly TickerAndRange[]): string {
  const tickers = [...new Set(ranges.map(({ ticker }) => ticker))];
  return ['barloom rebuild', ...(tickers.length <= TICKERS_TOLD ? tickers.map(safeText) : [])].join(' ');
}

function listed(parts: readonly string[]): string {
  const told = parts.slice(0, TICKERS_TOLD);
  return parts.length > told.length
    ? `${told.join(', ')} and ${count(parts.length - told.length)} more (--json has all)`
    : told.join(', ');
}

function nextPart({ open: holes, gaps, pruned, unfilled }: DatasetGaps): string[] {
  const again = pruned > 0 ? ['Pruned days come back with barloom backfill --only pruned.'] : [];
  const open = gaps.filter(isOpen);
  // What the vendor lacks is what is accepted most.
  const first = open.find(({ state }) => state === 'missing') ?? open[0];
  if (first === undefined)
    return [unfilled > 0 ? 'No day is missing, but series are not filled.' : 'No open holes.', ...again];
  const days = first.start === first.end ? first.start : `${first.start}..${first.end}`;
  const them = holes === 1 ? 'it' : 'them';
  return [
    `${counted(holes, 'open hole')}: barloom backfill asks the vendor for ${them}.`,
    'What will never come can be accepted:',
    `  barloom gaps --accept ${days} --reason '…'`,
    ...again,
  ];
}
