/**
 * What a thread does: reads price files once each, tells what is in them, and writes those that are wanted,
 * under temporary names and not yet durable. A file whose bytes are those of the last run is only read.
 */
import { closeSync, fstatSync } from 'node:fs';
import { temporaryName, writeUnsyncedSync } from '#platform/disk/durable.js';
import { fileIdentity } from '#platform/disk/file-identity.js';
import { isAbsence, openToReadSync, readFully } from '#platform/disk/read.js';
import { sha256 } from '#platform/disk/sha256.js';
import type { Judgement } from '#store/matching/state.js';
import { judgePrices } from '#vendors/stooq/judge-prices.js';
import { priceText, STOOQ_HEADER } from './price-text.js';
import type { PriceFormat } from './request.js';

export interface PriceJob {
  readonly kind: 'prices';
  readonly root: string;
  readonly format: PriceFormat;
  readonly includeEmpty: boolean;
  readonly tasks: readonly PriceTask[];
}

export interface PriceTask {
  readonly ticker: string;
  /** From the root. */
  readonly path: string;
  readonly isAmerican: boolean;
  /** Where it is to be written. */
  readonly file: string;
  /**
   * The source's SHA-256 where nothing has to be done if it is still that one: judged, and written if it was
   * to be.
   */
  readonly settledFor: string | undefined;
}

export interface PriceResult {
  readonly ticker: string;
  readonly identity: string;
  readonly sha256: string;
  /** Undefined: settled. */
  readonly judged: Judgement | undefined;
  readonly written: Written | undefined;
}

export interface Written {
  readonly identity: string;
  readonly sha256: string;
}

/** Throws the disk's error where it cannot write. What it cannot read is a result. */
export function workPrices(job: PriceJob): readonly PriceResult[] {
  return job.tasks.map((task) => {
    try {
      return readAndWrite(task, job);
    } catch (error) {
      if (!(error instanceof ReadFailure)) throw error;
      const { identity, status } = error;
      return {
        ticker: task.ticker,
        identity,
        sha256: '',
        judged: { kind: 'failed', status },
        written: undefined,
      };
    }
  });
}

class ReadFailure extends Error {
  readonly status: 'missing_file' | `error:${string}`;
  readonly identity: string;

  constructor(cause: unknown, file: string) {
    super('', { cause });
    this.status = isAbsence(cause)
      ? 'missing_file'
      : `error:${(cause as NodeJS.ErrnoException).code ?? (cause as Error).name}`;
    this.identity = fileIdentity(file) ?? '';
  }
}

function readAndWrite({ ticker, path, isAmerican, file, settledFor }: PriceTask, job: PriceJob): PriceResult {
  const { bytes, end, identity } = readSource(`${job.root}/${path}`);
  const start = STOOQ_HEADER.length;
  const hash = sha256(bytes.subarray(start, end));
  if (hash === settledFor) return { ticker, identity, sha256: hash, judged: undefined, written: undefined };
  const judged = judgePrices(bytes, { start, end, isAmerican });
  const result = {
    ticker,
    identity,
    sha256: hash,
    judged: { kind: 'counts', counts: judged.counts } as const,
  };
  if (judged.counts.rows === 0 && !job.includeEmpty) return { ...result, written: undefined };
  const text = priceText(bytes, judged.end, job.format);
  const temporary = temporaryName(file);
  writeUnsyncedSync(temporary, text);
  return { ...result, written: { identity: fileIdentity(temporary) ?? '', sha256: sha256(text) } };
}

/** Kept from file to file. */
let buffer = new Uint8Array(1 << 20);

/** The file's bytes behind room for a header, with a byte of room after them. */
function readSource(file: string): {
  readonly bytes: Uint8Array;
  readonly end: number;
  readonly identity: string;
} {
  let descriptor: number | undefined;
  try {
    descriptor = openToReadSync(file);
    const { size, mtimeNs, ino } = fstatSync(descriptor, { bigint: true });
    const start = STOOQ_HEADER.length;
    const room = start + Number(size) + 1;
    if (buffer.length < room) buffer = new Uint8Array(room * 2);
    const read = readFully(descriptor, buffer.subarray(start, start + Number(size)), 0);
    return { bytes: buffer, end: start + read, identity: `${size} ${mtimeNs} ${ino}` };
  } catch (error) {
    throw new ReadFailure(error, file);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
