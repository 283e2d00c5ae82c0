/**
 * Who hears a fetch: a person at a terminal (a line a window over a live line), a pipe (lines), a program
 * (NDJSON), nobody (only problems). All of it goes to stderr.
 */
import type { FetchEvent } from '#ingest/tables/events.js';
import { fetchLine } from './fetch-text.js';
import { type LiveTextOptions, newLiveText } from './live-text.js';
import { clockTime, count, counted } from './quantities.js';
import { safeJson } from './safe-text.js';

export interface FetchReporter {
  hear(event: FetchEvent): void;
  say(text: string): void;
  end(): void;
}

export interface FetchReporterOptions extends LiveTextOptions {
  readonly form: 'lines' | 'ndjson' | 'quiet';
  readonly live: boolean;
}

export function newFetchReporter(options: FetchReporterOptions): FetchReporter {
  const { form, write } = options;
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
      if (event.type === 'arrived' || event.type === 'planned') return;
      if (form !== 'quiet' || event.type === 'problem') print(fetchLine(event));
    },
    say: print,
    end: () => live?.end(),
  };
}

interface TablePace {
  /** Windows, or tickers that are asked for one by one. */
  readonly of: number;
  done: number;
}

/** How far it is, how quick, and how long it will take: windows are as long as those before them. */
function newPace(clock: () => number): {
  readonly hear: (event: FetchEvent) => void;
  readonly text: () => string;
} {
  const begun = clock();
  const tables = new Map<string, TablePace>();
  let rows = 0;
  let table = '';
  const add = (name: string, done: number): void => {
    const pace = tables.get(name);
    if (pace !== undefined) pace.done = Math.min(pace.of, pace.done + done);
  };
  return {
    hear: (event) => {
      switch (event.type) {
        case 'planned':
          tables.set(event.table, { of: event.parts, done: 0 });
          break;
        case 'arrived':
          rows += event.rows;
          table = event.table;
          break;
        case 'window':
          add(event.table, 1);
          break;
        case 'problem':
          if (event.isWindow) add(event.table, 1);
          break;
        case 'batch':
          add(event.table, event.done - (tables.get(event.table)?.done ?? 0));
          break;
        default:
      }
    },
    text: () => {
      const sum = (of: (pace: TablePace) => number): number =>
        [...tables.values()].reduce((total, pace) => total + of(pace), 0);
      const [done, all] = [sum((pace) => pace.done), sum(({ of }) => of)];
      if (table === '' || done >= all) return '';
      const seconds = Math.max((clock() - begun) / 1000, 0.001);
      const left = done > 0 ? `  ETA ${clockTime((seconds / done) * (all - done))}` : '';
      return `${table}  ${count(done)} of ${count(all)}${left}  ${counted(rows, 'row')}  ${count(Math.round(rows / seconds))} rows/s`;
    },
  };
}
