/**
 * Who hears an import of quotes: a person at a terminal (a line a day over a live line), a pipe (lines), a program
 * (NDJSON), nobody (only problems). All of it goes to stderr.
 */
import type { QuoteEvent } from '#ingest/quotes/events.js';
import { type LiveTextOptions, newLiveText } from './live-text.js';
import { bytes, clockTime, count, counted } from './quantities.js';
import { safeJson, safeText } from './safe-text.js';

export interface QuoteReporter {
  hear(event: QuoteEvent): void;
  say(text: string): void;
  end(): void;
}

export interface QuoteReporterOptions extends LiveTextOptions {
  readonly form: 'lines' | 'ndjson' | 'quiet';
  readonly live: boolean;
  /** Quotes of a batch, as people are told. */
  readonly batchSize: number;
}

export function newQuoteReporter(options: QuoteReporterOptions): QuoteReporter {
  const { form, write, batchSize } = options;
  if (form === 'ndjson')
    return {
      hear: (event) => {
        if (event.type !== 'arrived') write(`${safeJson(event)}\n`);
      },
      say: (message) => write(`${safeJson({ type: 'note', level: 'info', message })}\n`),
      end: () => undefined,
    };
  const live = options.live ? newLiveText(options) : undefined;
  const pace = newPace(options.clock);
  const print = (text: string): void => {
    if (live === undefined) write(`${text}\n`);
    else live.above(text);
  };
  return {
    hear: (event) => {
      pace.hear(event);
      live?.show(pace.text());
      if (event.type === 'arrived') return;
      if (form !== 'quiet' || event.type === 'problem') print(quoteLine(event, batchSize));
    },
    say: print,
    end: () => live?.end(),
  };
}

export function quoteLine(event: Exclude<QuoteEvent, { type: 'arrived' }>, batchSize: number): string {
  switch (event.type) {
    case 'planned': {
      const { asked, there, pending, todo } = event;
      const parts = [
        ...(there > 0 ? [`${count(there)} there already`] : []),
        ...(pending > 0 ? [`${count(pending)} not over yet`] : []),
      ];
      return `${counted(asked, 'day')} asked for${parts.map((part) => `, ${part}`).join('')}: ${count(todo)} to import in batches of ${batchSize}`;
    }
    case 'imported': {
      const { symbol, day, quotes, rows, portions, done, todo, seconds, bytes: size } = event;
      const kept = rows === quotes ? '' : `, ${counted(rows, 'row')} kept`;
      return `Day ${done}/${todo}: ${symbol} ${day}  ${counted(quotes, 'quote')} in ${counted(portions, 'batch', 'batches')}${kept}, ${bytes(size)}, ${seconds.toFixed(1)}s`;
    }
    case 'problem':
      return `${event.symbol} ${event.day}  ${event.state}: ${safeText(event.reason)}`;
  }
}

/** How quick it is, and how long it will take. */
function newPace(clock: () => number): {
  readonly hear: (event: QuoteEvent) => void;
  readonly text: () => string;
} {
  let begun = clock();
  let [todo, done, quotes, whole] = [0, 0, 0, 0];
  return {
    hear: (event) => {
      if (event.type === 'planned') [todo, begun] = [event.todo, clock()];
      if (event.type === 'arrived') quotes += event.quotes;
      if (event.type === 'imported') whole += event.quotes;
      if (event.type === 'imported' || event.type === 'problem') done++;
    },
    text: () => {
      if (done >= todo) return '';
      const seconds = Math.max((clock() - begun) / 1000, 0.001);
      // What has come of days that are not whole counts as so much of a day.
      const days = done + (done === 0 || whole === 0 ? 0 : (quotes - whole) / (whole / done));
      const left = days > 0 ? `  ETA ${clockTime((seconds / days) * Math.max(0, todo - days))}` : '';
      return `day ${done} of ${todo}  ${counted(quotes, 'quote')}  ${count(quotes / seconds)} rows/s${left}`;
    },
  };
}
