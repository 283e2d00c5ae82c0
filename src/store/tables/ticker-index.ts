/**
 * One line of text a ticker in one file, with a directory at its end: a ticker's is read without the rest. It
 * carries a mark of what it was made from, and is no truth of its own: whoever finds another mark, or damage,
 * goes to the tables.
 */
import { fstatSync } from 'node:fs';
import path from 'node:path';
import { replaceFiles } from '#platform/disk/durable.js';
import { readFully, withFileSync } from '#platform/disk/read.js';
import { sha256 } from '#platform/disk/sha256.js';
import type { FolderLayout } from '#store/folder/layout.js';
import { tableFiles, tablesFolder } from './layout.js';

type Root = Pick<FolderLayout, 'dataDir'>;

/** Raises when the lines, or how they are found, change. */
const SCHEMA = 1;
/** Tickers that are read together. */
const BLOCK = 16;
/** The file's last bytes: the directory's length as decimal digits, and its hash. */
const DIGITS = 12;
const HASH = 16;
const TAIL = DIGITS + HASH;
const MOST_DIRECTORY = 16 << 20;

interface Directory {
  readonly schema: number;
  readonly mark: string;
  /** Of each block: its first ticker, where it begins and ends, and its hash. Ascending. */
  readonly blocks: readonly (readonly [ticker: string, start: number, end: number, hash: string])[];
}

export interface TickerIndex {
  /** '' where it has none. Undefined where the file is damaged. */
  lineOf(ticker: string): string | undefined;
}

export function tickerIndexFile(layout: Root): string {
  return path.join(tablesFolder(layout), '.by-ticker');
}

/** What the files of these tables are known by: another one once any is written anew. */
export function tablesMark(layout: Root, types: readonly string[]): string {
  return sha256(JSON.stringify(types.map((type) => [type, [...tableFiles(layout, type)].sort()])));
}

/** `lines`: ascending by ticker, without line ends. Throws the disk's error, or what `checkLock` throws. */
export async function writeTickerIndex(
  layout: Root,
  mark: string,
  lines: AsyncIterable<readonly [ticker: string, line: string]>,
  checkLock: () => Promise<void>,
): Promise<void> {
  const blocks: Directory['blocks'][number][] = [];
  async function* parts(): AsyncGenerator<Uint8Array> {
    let at = 0;
    let waiting: (readonly [string, string])[] = [];
    const block = (): Uint8Array => {
      const bytes = Buffer.from(waiting.map(([ticker, line]) => `${ticker}\t${line}\n`).join(''));
      blocks.push([waiting[0]?.[0] ?? '', at, at + bytes.length, hashOf(bytes)]);
      at += bytes.length;
      waiting = [];
      return bytes;
    };
    for await (const one of lines) {
      waiting.push(one);
      if (waiting.length === BLOCK) yield block();
    }
    if (waiting.length > 0) yield block();
    const directory = Buffer.from(JSON.stringify({ schema: SCHEMA, mark, blocks } satisfies Directory));
    yield directory;
    yield Buffer.from(String(directory.length).padStart(DIGITS, '0') + hashOf(directory));
  }
  await replaceFiles([{ file: tickerIndexFile(layout), content: parts }], checkLock);
}

/** Undefined where there is none that was made from this. */
export function openTickerIndex(layout: Root, mark: string): TickerIndex | undefined {
  const file = tickerIndexFile(layout);
  const directory = directoryOf(file);
  if (directory?.schema !== SCHEMA || directory.mark !== mark) return undefined;
  const { blocks } = directory;
  let last: { readonly at: number; readonly lines: readonly string[] | undefined } = { at: -1, lines: [] };
  return {
    lineOf(ticker) {
      const at = blockOf(blocks, ticker);
      // Tickers mostly come in their order.
      if (at !== last.at) last = { at, lines: linesOf(file, blocks[at]) };
      if (last.lines === undefined) return undefined;
      const line = last.lines.find((one) => one.startsWith(`${ticker}\t`));
      return line === undefined ? '' : line.slice(ticker.length + 1);
    },
  };
}

/** Undefined where they are damaged. */
function linesOf(
  file: string,
  block: Directory['blocks'][number] | undefined,
): readonly string[] | undefined {
  if (block === undefined) return [];
  const [, start, end, hash] = block;
  const bytes = attempt(file, (descriptor) => stretch(descriptor, start, end));
  return bytes === undefined || hashOf(bytes) !== hash ? undefined : bytes.toString().split('\n');
}

/** The last one that begins at the ticker or before it; -1 where none does. */
function blockOf(blocks: Directory['blocks'], ticker: string): number {
  let low = 0;
  let high = blocks.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((blocks[middle]?.[0] ?? '') <= ticker) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function directoryOf(file: string): Directory | undefined {
  return attempt(file, (descriptor) => {
    const { size } = fstatSync(descriptor);
    const tail = stretch(descriptor, size - TAIL, size)?.toString('latin1') ?? '';
    const end = size - TAIL;
    const length = Number(tail.slice(0, DIGITS));
    if (!(length > 0 && length <= Math.min(end, MOST_DIRECTORY))) return undefined;
    const text = stretch(descriptor, end - length, end);
    if (text === undefined || hashOf(text) !== tail.slice(DIGITS)) return undefined;
    return JSON.parse(text.toString()) as Directory;
  });
}

function stretch(descriptor: number, start: number, end: number): Buffer | undefined {
  if (start < 0) return undefined;
  const bytes = Buffer.alloc(end - start);
  return readFully(descriptor, bytes, start) === bytes.length ? bytes : undefined;
}

/** What cannot be read is as what is not there. */
function attempt<T>(file: string, body: (descriptor: number) => T): T | undefined {
  try {
    return withFileSync(file, body);
  } catch {
    return undefined;
  }
}

function hashOf(bytes: Uint8Array): string {
  return sha256(bytes).slice(0, HASH);
}
