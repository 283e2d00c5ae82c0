/** What every command that loads into a database is told: where to, how, and how much at once. */
import type { Settings } from '#cli/settings/settings.js';
import { UsageError } from '#cli/usage-error.js';
import { INDEX_WISHES, type IndexWish } from '#ingest/loading/drop-decision.js';
import { LOAD_MODES, type LoadMode } from '#ingest/loading/unit.js';
import { type DatabaseTarget, databaseTarget } from '#store/database/target.js';
import type { FolderLayout } from '#store/folder/layout.js';
import { ownPlace } from './own-files.js';
import { batchSizeOf } from './quote-options.js';

type Flags = Readonly<Record<string, unknown>>;

export interface LoadOptions {
  readonly mode: LoadMode;
  readonly indexes: IndexWish;
  readonly batchRows: number;
  readonly skipsDuplicates: boolean;
  readonly keepDays: number | undefined;
}

/** Throws UsageError. */
export function loadOptions(flags: Flags, settings: Settings): LoadOptions {
  const mode = oneOf('--mode', flags['mode'] ?? 'upsert', LOAD_MODES);
  const skipsDuplicates = settings.switch('bulkImport.skipDuplicates', false);
  if (skipsDuplicates && flags['mode'] !== undefined)
    throw new UsageError(
      `${settings.origin('bulkImport.skipDuplicates')} leaves out what --mode ${mode} would look at: give one of them.`,
    );
  return {
    mode,
    indexes: oneOf('--indexes', flags['indexes'] ?? 'auto', INDEX_WISHES),
    batchRows: batchSizeOf(settings),
    skipsDuplicates,
    keepDays: settings.optionalCount('database.keepDays'),
  };
}

function oneOf<T extends string>(option: string, given: unknown, known: readonly T[]): T {
  const found = known.find((one) => one === given);
  if (found === undefined)
    throw new UsageError(`${option} ${String(given)} is not known: give ${known.join(', ')}.`);
  return found;
}

/** Throws UsageError where nothing says it, DatabaseError for what is no database. */
export function loadTarget(settings: Settings, cwd: string): DatabaseTarget {
  const given = settings.text('database.url');
  if (given === undefined)
    throw new UsageError(
      'Say where to: --to sqlite:FILE, --to postgres://HOST/NAME, or the variable DATABASE_URL.',
    );
  return databaseTarget(given, cwd);
}

/** Throws UsageError for a file among the folder's own. */
export function refuseOwnPlace(target: DatabaseTarget, layout: FolderLayout): void {
  const refusal = target.kind === 'sqlite' ? ownPlace(target.file, layout) : undefined;
  if (refusal !== undefined) throw new UsageError(refusal);
}

/** Throws UsageError for a name that no table of ours can have. */
export function tableOption(given: unknown, otherwise: string): string {
  const name = given === undefined ? otherwise : String(given);
  if (/^[a-z]\w{0,49}$/i.test(name) && !/^(barloom|sqlite|pg)_/i.test(name)) return name;
  throw new UsageError(
    `${given === undefined ? '' : '--table '}${name} is no name of a table: letters, digits and _, at most 50.`,
  );
}
