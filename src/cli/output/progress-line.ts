/** One line on a terminal that says how far a long copy is. Nothing elsewhere. */

import type { Environment } from '#cli/environment.js';
import type { CommandContext } from '#cli/run/context.js';
import { bytes, clockTime } from './quantities.js';

export interface ProgressLine {
  show(done: number, all: number): void;
  /** Takes the line away. */
  end(): void;
}

const PAUSE_MS = 100;

/** `what`: `copying`. */
export function progressLine(
  what: string,
  { settings, json, quiet }: Pick<CommandContext, 'settings' | 'json' | 'quiet'>,
  { liveTerminal, stderr, columns, clock }: Environment,
): ProgressLine {
  const live = liveTerminal && !json && !quiet && settings.switch('progress', true);
  const begun = clock();
  let shownAt = begun;
  let shown = false;
  return {
    show: (done, all) => {
      if (!live || clock() - shownAt < PAUSE_MS) return;
      shownAt = clock();
      shown = true;
      const left = ((shownAt - begun) / 1000) * (all / Math.max(done, 1) - 1);
      const text = `${what}: ${bytes(done)} of ${bytes(all)}, ${clockTime(left)} left`;
      stderr(`\r\x1b[2K${text.slice(0, (columns() || 80) - 1)}`);
    },
    end: () => {
      if (shown) stderr('\r\x1b[2K');
      shown = false;
    },
  };
}
