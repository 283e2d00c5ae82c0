/** How to stop at once what a first signal stops cleanly. */
import type { StopSignal } from '#tasks/exit-code.js';

export function againText(signal: StopSignal): string {
  return signal === 'SIGINT' ? 'press Ctrl-C again to stop at once' : `${signal} again stops at once`;
}
