/**
 * Who hears a run's events: a person at a terminal (plain lines over a live line), a pipe (plain lines), a
 * program (NDJSON), nobody (--quiet: only problems). All of it goes to stderr; the result goes to stdout
 * elsewhere.
 */
import type { PopulateEvent } from '#ingest/run/events.js';
import { eventLine, extendRun, type ProblemRun, problemLine } from './event-line.js';
import { newLiveLine } from './live-line.js';
import { safeJson } from './safe-text.js';

export interface Reporter {
  hear(event: PopulateEvent): void;
  /** A line of the program's own, such as how Ctrl-C was understood. */
  say(text: string): void;
  end(): void;
}

export interface ReporterOptions {
  readonly form: 'lines' | 'ndjson' | 'quiet';
  /** Draw a live line too: the output is a terminal, and wants one. */
  readonly live: boolean;
  readonly write: (text: string) => void;
  readonly columns: () => number;
  readonly clock: () => number;
}

export function newReporter({ form, live, write, columns, clock }: ReporterOptions): Reporter {
  if (form === 'ndjson') {
    return {
      hear: (event) => write(`${safeJson(event)}\n`),
      say: (message) => write(`${safeJson({ type: 'note', level: 'info', message })}\n`),
      end: () => undefined,
    };
  }
  const line = live ? newLiveLine({ write, columns, clock }) : undefined;
  const print = (text: string): void => {
    if (line === undefined) write(`${text}\n`);
    else line.above(text);
  };
  // The same trouble of many days in a row is one line.
  let run: ProblemRun | undefined;
  const endRun = (): void => {
    if (run !== undefined) print(problemLine(run));
    run = undefined;
  };
  return {
    hear: (event) => {
      line?.hear(event);
      if (event.type === 'problem') {
        const extended = run === undefined ? undefined : extendRun(run, event);
        if (extended === undefined) endRun();
        run = extended ?? { ...event, first: event.day, last: event.day, days: 1 };
        return;
      }
      if (form === 'quiet' && !isTrouble(event)) return;
      const text = eventLine(event);
      if (text === undefined) return;
      endRun();
      print(text);
    },
    say: (text) => {
      endRun();
      print(text);
    },
    end: () => {
      endRun();
      line?.end();
    },
  };
}

/** What is said even under --quiet, beside problems. */
function isTrouble(event: PopulateEvent): boolean {
  return event.type === 'note' && event.level === 'warning';
}
