/**
 * What every command that works on a data folder begins with: its settings, where the folder is, and which
 * datasets are meant.
 */
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Invocation } from '#cli/invocation.js';
import { datasetsNamed, type NamedDatasets } from '#cli/options/dataset-names.js';
import { unknownDataset } from '#cli/options/unknown-dataset.js';
import { safeText } from '#cli/output/safe-text.js';
import { flagName, loadSettings, type Settings } from '#cli/settings/settings.js';
import { UsageError } from '#cli/usage-error.js';
import { stocksDaily } from '#market/datasets/all.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { isWithin, realPathOf } from '#platform/disk/real-path.js';
import { bucketLayout, type FolderLayout, folderLayout } from '#store/folder/layout.js';

/** The sandbox's own data folder, so that no made-up price gets between real ones. */
const SANDBOX_FOLDER = 'barloom-sandbox';

/** The calendar reaches to 9999; ranges reach some years ahead of now. */
const LAST_YEAR = 9900;

export interface CommandContext {
  readonly settings: Settings;
  readonly layout: FolderLayout;
  /** At least one, but where a pattern fits trades and quotes alone. */
  readonly datasets: readonly Dataset[];
  /** Trades and quotes that a pattern of --dataset fits. */
  readonly leftOut: readonly Dataset[];
  readonly now: Date;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly sandbox: boolean;
  /** Go on although data folder, archive and endpoint were filled from different sources. */
  readonly adoptSource: boolean;
}

/**
 * `archive`: where it may be; a command that only reads it takes it anywhere. Throws UsageError, or SourceError
 * where a bucket has no keys.
 */
export async function commandContext(
  { flags, environment }: Pick<Invocation, 'flags' | 'environment'>,
  archive: 'in a folder' | 'anywhere' = 'in a folder',
): Promise<CommandContext> {
  const sandbox = flags['sandbox'] === true;
  if (sandbox && flags['endpoint'] !== undefined)
    throw new UsageError('Give only one of --sandbox and --endpoint.');
  const defaultDataDir = sandbox ? SANDBOX_FOLDER : '.';
  const settings = await loadSettings({
    flags,
    env: environment.env,
    home: environment.home,
    cwd: environment.cwd,
    defaultDataDir,
  });
  for (const warning of settings.warnings) environment.stderr(`barloom: ${safeText(warning)}\n`);
  const now = environment.now();
  if (Number.isNaN(now.getTime()))
    throw new UsageError('BARLOOM_NOW is not an instant such as 2026-11-20T17:00:00Z.');
  if (now.getTime() < 0 || now.getUTCFullYear() > LAST_YEAR)
    throw new UsageError(
      `The clock says ${now.toISOString()}: set it right (or BARLOOM_NOW, where it is set).`,
    );
  const dataDir = path.resolve(environment.cwd, settings.text('dataDir') ?? defaultDataDir);
  return {
    settings,
    layout: await layoutOf(settings, dataDir, { sandbox, environment, archive }),
    ...(await datasetsOf(flags['dataset'])),
    now,
    json: flags['json'] === true,
    quiet: settings.switch('quiet', false),
    sandbox,
    adoptSource: flags['adoptSource'] === true,
  };
}

async function layoutOf(
  settings: Settings,
  dataDir: string,
  { sandbox, environment, archive }: LayoutWish,
): Promise<FolderLayout> {
  const given = settings.text('archiveDir');
  const counts = !sandbox || settings.origin('archiveDir') === flagName('archiveDir');
  if (given === undefined || !counts || !/^s3:/i.test(given))
    return folderLayout(dataDir, archiveDirOf(settings, dataDir, { sandbox, cwd: environment.cwd }));
  if (archive === 'in a folder')
    throw new UsageError(
      `${settings.origin('archiveDir')}: this command needs the archive in a folder, and ${safeText(given)} is a bucket, which add, show, export, tickers, ` +
        'gaps, status, sql, load and lake build read, barloom cluster fills, and cluster pull copies from: ' +
        'leave --archive-dir out, or name a folder.',
    );
  const { bucketPlace } = await import('./bucket-place.js');
  return bucketLayout(dataDir, await bucketPlace(given, settings, environment));
}

interface LayoutWish {
  readonly sandbox: boolean;
  readonly environment: Invocation['environment'];
  readonly archive: 'in a folder' | 'anywhere';
}

/**
 * Undefined: massive_cache. The sandbox goes into no archive that the command line did not name. Nor may an
 * archive hold the data folder: what is done with it would be done with series, lists and progress. Throws
 * UsageError.
 */
function archiveDirOf(
  settings: Settings,
  dataDir: string,
  { sandbox, cwd }: { readonly sandbox: boolean; readonly cwd: string },
): string | undefined {
  const given = settings.text('archiveDir');
  const origin = settings.origin('archiveDir');
  if (given === undefined || (sandbox && origin !== flagName('archiveDir'))) return undefined;
  const archiveDir = path.resolve(cwd, given);
  if (isWithin(realPathOf(dataDir), realPathOf(archiveDir)))
    throw new UsageError(
      `${origin}: the archive's folder ${archiveDir} ${archiveDir === dataDir ? 'is the data folder' : 'holds the data folder'}: ` +
        'give it one of its own, such as massive_cache, and move day files and .toc there.',
    );
  return archiveDir;
}

/** Throws UsageError. */
async function datasetsOf(given: unknown): Promise<Pick<NamedDatasets, 'datasets' | 'leftOut'>> {
  if (given === undefined) return { datasets: [stocksDaily], leftOut: [] };
  const { datasets, leftOut, unknown } = datasetsNamed(String(given));
  if (unknown !== undefined) throw await unknownDataset('--dataset', unknown);
  if (datasets.length + leftOut.length === 0)
    throw new UsageError(`--dataset ${given} names none: barloom datasets lists them.`);
  return { datasets, leftOut };
}

/**
 * For commands that download: what --dataset means without the trades and quotes that a pattern fits, which
 * are named. Throws UsageError where nothing else fits it.
 */
export function toDownload(
  { datasets, leftOut }: CommandContext,
  { stderr }: Pick<Invocation['environment'], 'stderr'>,
): readonly Dataset[] {
  const names = leftOut.map(({ name }) => name).join(', ');
  if (datasets.length === 0)
    throw new UsageError(`The pattern fits only ${names}: name in full what is that large.`);
  if (leftOut.length > 0) stderr(`barloom: left out: ${names} (name them in full to fetch them)\n`);
  return datasets;
}

/** For commands that work on one dataset at a time. Throws UsageError. */
export function oneDataset({ datasets }: CommandContext): Dataset {
  const [dataset, ...more] = datasets;
  if (dataset === undefined || more.length > 0) throw new UsageError('Give one --dataset here.');
  return dataset;
}

/** Throws UsageError where the dataset has only an archive. */
export function requireSeries({ name, untracked }: Dataset): void {
  if (untracked === 'none')
    throw new UsageError(
      `${name} has no series, since its columns are not documented: barloom export -t ${name} TICKER reads the archive.`,
    );
}

/** Throws UsageError that says what to run first, where the folder holds nothing of barloom's. */
export function requireData({ layout, sandbox }: CommandContext): void {
  const marks = ['progress.json', 'progress.ndjson', 'data_cache', 'tables', 'quotes'].map((name) =>
    path.join(layout.dataDir, name),
  );
  if (layout.bucket !== undefined || [...marks, layout.archiveDir].some(holdsSomething)) return;
  if (existsSync(layout.dataDir) && !statSync(layout.dataDir).isDirectory())
    throw new UsageError(`${layout.dataDir} is a file: say with --data-dir which folder is meant.`);
  throw new UsageError(
    `There is no data in ${layout.dataDir} yet: run barloom populate --months 1${sandbox ? ' --sandbox' : ''} first, ` +
      'or say with --data-dir where it is.',
  );
}

function holdsSomething(file: string): boolean {
  if (!existsSync(file)) return false;
  try {
    return readdirSync(file).length > 0;
  } catch {
    return true;
  }
}
