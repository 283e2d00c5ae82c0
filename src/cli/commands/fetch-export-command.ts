/** `barloom fetch export TYPE… DIR`: tables as a tree of Parquet files for other programs. */
import path from 'node:path';
import type { Invocation } from '#cli/invocation.js';
import { asOfOption } from '#cli/options/as-of.js';
import { fetchTypes } from '#cli/options/fetch-options.js';
import { ownPlace } from '#cli/options/own-files.js';
import { counted } from '#cli/output/quantities.js';
import { reported } from '#cli/output/reported.js';
import { safeText } from '#cli/output/safe-text.js';
import { commandContext } from '#cli/run/context.js';
import { lakeTools } from '#cli/run/lake-tools.js';
import { UsageError } from '#cli/usage-error.js';
import { tableFiles } from '#store/tables/layout.js';
import { type ExportLevel, exportTable } from '#tasks/fetch/export-table.js';
import { withReader } from '#tasks/lake/open-lake.js';

const LEVELS: readonly ExportLevel[] = ['year', 'month', 'ticker'];

export function fetchExportCommand(invocation: Invocation): Promise<number> {
  return reported('fetch export', invocation, async () => {
    const { args, flags, environment } = invocation;
    const context = await commandContext(invocation, 'anywhere');
    const { layout } = context;
    const dir = args.at(-1);
    if (dir === undefined || args.length < 2)
      throw new UsageError('Say which tables and where: barloom fetch export balance_sheets DIR.');
    const folder = path.resolve(environment.cwd, dir);
    const refusal = ownPlace(folder, layout);
    if (refusal !== undefined) throw new UsageError(refusal);
    const types = fetchTypes(args.slice(0, -1), flags['includeShortData'] === true).filter(
      ({ name }) => tableFiles(layout, name).size > 0,
    );
    if (types.length === 0)
      throw new UsageError(`Nothing of ${args.slice(0, -1).join(', ')} is here: barloom fetch it first.`);
    const levels = levelsOf(flags['partition']);
    const tickers = flags['tickers'] === undefined ? undefined : String(flags['tickers']).split(',');
    const asOf = asOfOption(flags['asOf']);
    return withReader({ ...lakeTools('fetch export', context, invocation), threads: 1 }, async (duck) => {
      const exported: { readonly type: string; readonly rows: number; readonly files: number }[] = [];
      for (const type of types) {
        environment.signal.throwIfAborted();
        const own = levels.filter((level) => level !== 'ticker' || type.ticker !== undefined);
        const wish = { type, folder, levels: own, tickers, asOf };
        exported.push({ type: type.name, ...(await exportTable(wish, layout, await duck())) });
      }
      const lines = exported.map(
        ({ type, rows, files }) => `${type}: ${counted(rows, 'row')} in ${counted(files, 'file')}\n`,
      );
      return {
        exitCode: 0,
        text: `${lines.join('')}in ${safeText(folder)}\n`,
        document: { types: exported, output: folder },
      };
    });
  });
}

/** Throws UsageError. */
function levelsOf(given: unknown): readonly ExportLevel[] {
  if (given === undefined) return LEVELS;
  return String(given)
    .split(',')
    .map((word) => {
      const level = LEVELS.find((one) => one === word.trim());
      if (level === undefined)
        throw new UsageError(`--partition ${String(given)} is not known: give ${LEVELS.join(', ')}.`);
      return level;
    });
}
