/**
 * The line at the bottom of a terminal while a run goes: day x of n, rate, bytes, time left. Other lines
 * scroll above it.
 */
import type { PopulateEvent } from '#ingest/run/events.js';
import { type LiveText, type LiveTextOptions, newLiveText } from './live-text.js';
import { bytes, clockTime } from './quantities.js';

export interface LiveLine extends Omit<LiveText, 'show'> {
  hear(event: PopulateEvent): void;
}

export function newLiveLine(options: LiveTextOptions): LiveLine {
  const { clock } = options;
  const { show, ...line } = newLiveText(options);
  let startedAt = 0;
  return {
    ...line,
    hear: (event) => {
      if (event.type === 'listing') show(`listing month ${event.done} of ${event.months}`);
      else if (event.type === 'planned') {
        startedAt = clock();
        show('');
      } else if (event.type === 'worked') show(progress(event, (clock() - startedAt) / 1000));
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
