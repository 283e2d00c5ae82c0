/**
 * The log file: every event as a line of NDJSON through pino. Synchronous, so that nothing is lost when the
 * process ends.
 */
import { appendFile, mkdir, open, stat } from 'node:fs/promises';
import path from 'node:path';
import type { QuoteEvent } from '#ingest/quotes/events.js';
import type { PopulateEvent } from '#ingest/run/events.js';
import type { FetchEvent } from '#ingest/tables/events.js';
import { about } from '#platform/disk/errors.js';
import { FILE_MODE, FOLDER_MODE } from '#platform/disk/modes.js';

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export type LoggedEvent = PopulateEvent | QuoteEvent | FetchEvent;

export interface LogFile {
  hear(event: LoggedEvent): void;
  error(message: string): void;
}

/** Throws the disk's error where the file cannot be opened. */
export async function openLogFile(file: string, level: LogLevel): Promise<LogFile> {
  const { default: pino } = await import('pino');
  // One level only: Node's recursive mkdir never ends where a file system answers ENOENT (/proc).
  await mkdir(path.dirname(file), { mode: FOLDER_MODE }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await endLine(file);
  const destination = pino.destination({ dest: file, sync: true, append: true, mode: FILE_MODE });
  const log = pino(
    { level, base: { pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime },
    destination,
  );
  const logged = (write: () => void): void => {
    try {
      write();
    } catch (error) {
      throw about(error, file);
    }
  };
  return {
    hear: (event) => logged(() => log[levelOf(event)](fieldsOf(event), event.type)),
    error: (message) => logged(() => log.error(message)),
  };
}

/** A run that was killed may have left half a line: the next one begins with a line of its own. */
async function endLine(file: string): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  // A pipe would be waited for.
  if (found?.isFile() !== true || found.size === 0) return;
  const handle = await open(file, 'r');
  try {
    const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, found.size - 1);
    if (buffer[0] === NEWLINE) return;
  } finally {
    await handle.close();
  }
  await appendFile(file, '\n');
}

const NEWLINE = 10;

/** A note's own level would stand beside pino's under the same name. */
function fieldsOf(event: LoggedEvent): object {
  return event.type === 'note' ? { type: event.type, message: event.message } : event;
}

function levelOf(event: LoggedEvent): 'debug' | 'info' | 'warn' {
  switch (event.type) {
    case 'worked':
    case 'listing':
    case 'arrived':
      return 'debug';
    case 'problem':
    case 'retry':
    case 'quality':
    case 'kept':
      return 'warn';
    case 'note':
      return event.level === 'warning' ? 'warn' : 'info';
    default:
      return 'info';
  }
}
