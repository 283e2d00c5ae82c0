/**
 * `status --watch`: looks every second whether anything has changed, and shows it: on a terminal as a picture
 * that stays in its place, through a pipe as a line a change, with --json as a document a change. It goes on
 * until Ctrl-C, or until nobody reads it any more.
 */

import type { Environment } from '#cli/environment.js';
import { safeJson } from '#cli/output/safe-text.js';
import { type StatusStyle, statusLine, statusText } from '#cli/output/status-text.js';
import { drawsUnicode } from '#cli/output/text-style.js';
import type { CommandContext } from '#cli/run/context.js';
import { datasets } from '#market/datasets/all.js';
import { sleep } from '#platform/http/sleep.js';
import { stopCode } from '#tasks/exit-code.js';
import { fingerprint } from '#tasks/status/changes.js';
import type { FolderStatus } from '#tasks/status/status.js';

const LOOK_MS = 1000;
/** What follows from the time alone (a day that is overdue now) is looked at so often. */
const REFRESH_MS = 60_000;

export interface Watched {
  readonly gather: () => Promise<FolderStatus>;
  readonly context: CommandContext;
  readonly environment: Environment;
}

/**
 * The exit code: that of the signal that ended it; 0 where the output has gone away. Throws as `gather` does.
 */
export async function watchStatus({ gather, context, environment }: Watched): Promise<number> {
  const stop = AbortSignal.any([environment.signal, outputGone()]);
  const view = viewOf(context, environment);
  let seen = '';
  let gatheredAt = Number.NEGATIVE_INFINITY;
  try {
    while (!stop.aborted) {
      const size = `${environment.stdoutColumns()} ${process.stdout.rows}`;
      const now = `${size}\n${await fingerprint(context.layout, datasets.values())}`;
      if (now !== seen || environment.clock() - gatheredAt >= REFRESH_MS) {
        seen = now;
        gatheredAt = environment.clock();
        view.show(await gather());
      }
      await sleep(LOOK_MS, stop).catch(() => undefined);
    }
  } finally {
    view.end();
  }
  return stopCode(environment);
}

/**
 * Aborted once stdout cannot be written any more: the terminal, or the program that read it, has gone away.
 */
function outputGone(): AbortSignal {
  const gone = new AbortController();
  process.stdout.once('error', () => gone.abort());
  return gone.signal;
}

export function statusStyle({ env, stdoutTerminal, stdoutColumns }: Environment): StatusStyle {
  const dumb = env['TERM'] === 'dumb';
  return {
    // A terminal that does not know its width says 0.
    columns: stdoutColumns() || 80,
    ascii: !drawsUnicode(env),
    color: stdoutTerminal && !dumb && (env['NO_COLOR'] ?? '') === '',
    timeZone: localZone(),
  };
}

/** The machine's own; UTC where it has none that the engine knows, as the engine then does too. */
function localZone(): string {
  const zone: string | undefined = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return zone === undefined || zone === 'Etc/Unknown' ? 'UTC' : zone;
}

interface View {
  show(status: FolderStatus): void;
  end(): void;
}

function viewOf({ json }: CommandContext, environment: Environment): View {
  if (json) {
    return lines(environment, (status) => {
      const { warnings, ...rest } = status;
      return `${safeJson({ schema_version: 1, command: 'status', ...rest, warnings })}\n`;
    });
  }
  return environment.stdoutTerminal && environment.env['TERM'] !== 'dumb'
    ? screen(environment)
    : lines(environment, statusLine);
}

/** A line where it differs from the one before. */
function lines(environment: Environment, render: (status: FolderStatus) => string): View {
  let shown = '';
  return {
    show: (status) => {
      const line = render(status);
      if (line !== shown) environment.stdout(line);
      shown = line;
    },
    end: () => undefined,
  };
}

const ENTER = '\x1b[?1049h\x1b[?25l';
const LEAVE = '\x1b[?1049l\x1b[?25h';

/** A picture on a screen of its own; the last one stays behind on the ordinary screen. */
function screen(environment: Environment): View {
  let text: string | undefined;
  // A second Ctrl-C ends the process at once, and leaves the terminal as it was all the same.
  const leave = (): void => environment.stdout(LEAVE);
  return {
    show: (status) => {
      if (text === undefined) {
        process.once('exit', leave);
        environment.stdout(ENTER);
      }
      text = statusText(status, statusStyle(environment));
      const rows = [...text.split('\n'), '  Ctrl-C ends this.'];
      const room = Math.max(1, (process.stdout.rows || 24) - 1);
      const fitting = rows.length <= room ? rows : [...rows.slice(0, room - 1), '…'];
      // Drawn over the old picture, line by line, so that nothing flickers.
      environment.stdout(`\x1b[H${fitting.map((row) => `${row}\x1b[K\r\n`).join('')}\x1b[J`);
    },
    end: () => {
      if (text === undefined) return;
      process.removeListener('exit', leave);
      leave();
      environment.stdout(text);
    },
  };
}
