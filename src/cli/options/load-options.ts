/** What every command that loads into a database is told: where to, how, and how much at once. */
import { UsageError } from '#cli/usage-error.js';
import { INDEX_WISHES, type IndexWish } from '#ingest/loading/drop-decision.js';
import { LOAD_MODES, type LoadMode } from '#ingest/loading/unit.js';
import { type DatabaseTarget, databaseTarget } from '#store/database/target.js';
import { keepDaysOption } from './keep-days.js';

type Flags = Readonly<Record<string, unknown>>;

export interface LoadOptions {
  readonly mode: LoadMode;
  readonly indexes: IndexWish;
  readonly batchRows: number;
  readonly skipsDuplicates: boolean;
  readonly keepDays: number | undefined;
}

const BATCH_ROWS = 10_000;
const MOST_BATCH_ROWS = 1_000_000;

/** Throws UsageError. */
export function loadOptions(flags: Flags): LoadOptions {
  const mode = oneOf('--mode', flags['mode'] ?? 'upsert', LOAD_MODES);
  const skipsDuplicates = flags['skipDuplicates'] === true;
  if (skipsDuplicates && flags['mode'] !== undefined)
    throw new UsageError(`--skip-duplicates leaves out what --mode ${mode} would look at: give one of them.`);
  return {
    mode,
    indexes: oneOf('--indexes', flags['indexes'] ?? 'auto', INDEX_WISHES),
    batchRows: batchRows(flags['batchSize'] ?? BATCH_ROWS),
    skipsDuplicates,
    keepDays: flags['keepDays'] === undefined ? undefined : keepDaysOption(flags['keepDays']),
  };
}

function batchRows(given: unknown): number {
  const rows = /^\d{1,7}$/.test(String(given)) ? Number(given) : 0;
  if (rows < 1 || rows > MOST_BATCH_ROWS)
    throw new UsageError(`--batch-size ${String(given)} is not a whole number from 1 to 1000000.`);
  return rows;
}

function oneOf<T extends string>(option: string, given: unknown, known: readonly T[]): T {
  const found = known.find((one) => one === given);
  if (found === undefined)
    throw new UsageError(`${option} ${String(given)} is not known: give ${known.join(', ')}.`);
  return found;
}

/** --to, or DATABASE_URL. Throws UsageError where nothing says it, DatabaseError for what is no database. */
export function loadTarget(
  flags: Flags,
  { env, cwd }: { readonly env: Readonly<Record<string, string | undefined>>; readonly cwd: string },
): DatabaseTarget {
  const given = flags['to'] ?? env['DATABASE_URL'];
  if (given === undefined || given === '')
    throw new UsageError(
      'Say where to: --to sqlite:FILE, --to postgres://HOST/NAME, or the variable DATABASE_URL.',
    );
  return databaseTarget(String(given), cwd);
}

/** Throws UsageError for a name that no table of ours can have. */
export function tableOption(given: unknown, otherwise: string): string {
  const name = given === undefined ? otherwise : String(given);
  if (/^[a-z]\w{0,49}$/i.test(name) && !/^(barloom|sqlite|pg)_/i.test(name)) return name;
  throw new UsageError(
    `${given === undefined ? '' : '--table '}${name} is no name of a table: letters, digits and _, at most 50.`,
  );
}
