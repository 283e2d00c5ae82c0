/**
 * A day of quotes as a Parquet file: whole and durable before it has its name, so that a day is either there or
 * not. Rows stand in the order of their moments.
 */
import { rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Reduction } from '#market/quotes/reduction.js';
import { makeDurable, makeFolder, syncFolder, temporaryName } from '#platform/disk/durable.js';
import { type Duck, literal } from '#store/lake/duckdb.js';
import { engineError } from '#store/lake/lake-error.js';
import { duckType, textColumns } from './columns.js';
import type { DayText } from './day-text.js';
import { type QuoteFileFacts, renderFacts } from './facts.js';

export interface NewQuoteDay {
  readonly file: string;
  readonly text: DayText;
  readonly reduction: Reduction | undefined;
  readonly facts: QuoteFileFacts;
}

/** A reader of some minutes reads one of them; a day of a busy symbol has some dozen. */
const ROW_GROUP = 30_720;
/** Of the text at a time, bytes: the engine's own 32 MB cost a busy day 80 MB of memory, and save no time. */
const TEXT_BUFFER = 4 << 20;

/** Returns the file's bytes. Throws the disk's error, what the engine says, or what `checkLock` throws. */
export async function writeQuoteDay(
  { file, text, reduction, facts }: NewQuoteDay,
  duck: Pick<Duck, 'connection'>,
  checkLock: () => Promise<void>,
): Promise<number> {
  const temporary = temporaryName(file);
  await makeFolder(path.dirname(file));
  try {
    const { rowsChanged } = await duck.connection.run(
      `COPY (${rowsOfText(text.file, reduction, facts)}) TO ${literal(temporary)} (FORMAT parquet, COMPRESSION zstd, ` +
        `PARQUET_VERSION V2, ROW_GROUP_SIZE ${ROW_GROUP}, USE_TMP_FILE false, KV_METADATA {barloom: ${literal(renderFacts(facts))}})`,
    );
    if (rowsChanged !== text.rows)
      throw new RangeError(`${file} would hold ${rowsChanged} rows, and the day has ${text.rows}`);
    await makeDurable([temporary]);
    await checkLock();
    await rename(temporary, file);
    await syncFolder(path.dirname(file));
    return (await stat(file)).size;
  } catch (error) {
    await rm(temporary, { force: true });
    throw engineError(error, file);
  }
}

function rowsOfText(file: string, reduction: Reduction | undefined, { symbol, day }: QuoteFileFacts): string {
  const columns = textColumns(reduction);
  const [first, ...rest] = columns.map(({ name }) => name);
  const types = columns.map((column) => `${literal(column.name)}: '${duckType(column)}'`).join(', ');
  return (
    `SELECT ${literal(symbol)} AS symbol, DATE '${day}' AS date, make_timestamp(${first} // 1000) AS ts, ${first}, ${rest.join(', ')} ` +
    `FROM read_csv(${literal(file)}, header = false, auto_detect = false, delim = ',', quote = '"', escape = '"', ` +
    `nullstr = '', buffer_size = ${TEXT_BUFFER}, columns = {${types}})`
  );
}
