/**
 * The line at the bottom of a terminal while a run goes: day x of n, rate, bytes, time left. Other lines
 * scroll above it.
 */
import type { PopulateEvent } from '#ingest/run/events.js';
import { bytes, clockTime } from './quantities.js';

export interface LiveLine {
  hear(event: PopulateEvent): void;
  /** Takes the line away, writes `text` with a line end, and puts the line back. */
  above(text: string): void;
  /** Takes the line away for good. */
  end(): void;
}

export interface LiveLineOptions {
  readonly write: (text: string) => void;
  readonly columns: () => number;
  /** Monotonic, ms. */
  readonly clock: () => number;
}

/** At most ten a second. */
const PAUSE_MS = 100;
const CLEAR = '\r\x1b[2K';

export function newLiveLine({ write, columns, clock }: LiveLineOptions): LiveLine {
  let shown = '';
  let drawnAt = Number.NEGATIVE_INFINITY;
  let startedAt = 0;
  let text = '';
  const draw = (): void => {
    const cut = text.slice(0, Math.max(0, columns() - 1));
    if (cut === shown) return;
    write(`${CLEAR}${cut}`);
    shown = cut;
    drawnAt = clock();
  };
  return {
    hear: (event) => {
      if (event.type === 'listing') text = `listing month ${event.done} of ${event.months}`;
      else if (event.type === 'planned') {
        startedAt = clock();
        text = '';
      } else if (event.type === 'worked') text = progress(event, (clock() - startedAt) / 1000);
      else return;
      if (clock() - drawnAt >= PAUSE_MS) draw();
    },
    above: (line) => {
      write(`${shown === '' ? '' : CLEAR}${line}\n`);
      shown = '';
      if (text !== '' && clock() - drawnAt >= PAUSE_MS) draw();
    },
    end: () => {
      if (shown !== '') write(CLEAR);
      shown = '';
      text = '';
    },
  };
}

function progress(
  { done, days, downloaded }: Extract<PopulateEvent, { type: 'worked' }>,
  seconds: number,
): string {
  const rate = done / Math.max(seconds, 0.001);
  const left = clockTime((days - done) / Math.max(rate, 1e-9));
  return `day ${done} of ${days}  ${rate.toFixed(rate < 10 ? 1 : 0)} days/s  ${bytes(downloaded)}  ETA ${left}`;
}
