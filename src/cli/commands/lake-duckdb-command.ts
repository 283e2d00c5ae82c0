/**
 * `barloom lake duckdb FILE`: a DuckDB file with a view for each table of the lake, for DBeaver, Python, R
 * and dbt.
 */
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Invocation } from '#cli/invocation.js';
import { ownPlace } from '#cli/options/own-files.js';
import { reported } from '#cli/output/reported.js';
import { safeText } from '#cli/output/safe-text.js';
import { commandContext } from '#cli/run/context.js';
import { lakeTools } from '#cli/run/lake-tools.js';
import { UsageError } from '#cli/usage-error.js';
import { writeDuckdbFile } from '#tasks/lake/duckdb-file.js';

export function lakeDuckdbCommand(invocation: Invocation): Promise<number> {
  return reported('lake duckdb', invocation, async () => {
    const context = await commandContext(invocation, 'anywhere');
    const [name, ...more] = invocation.args;
    if (name === undefined || more.length > 0)
      throw new UsageError('Say which file: barloom lake duckdb market.duckdb.');
    const file = path.resolve(invocation.environment.cwd, name);
    const refusal = ownPlace(file, context.layout);
    if (refusal !== undefined) throw new UsageError(refusal);
    if (!existsSync(path.dirname(file)))
      throw new UsageError(`There is no folder ${path.dirname(file)}: make it first.`);
    if (
      existsSync(file) &&
      !(statSync(file).isFile() && (invocation.flags['yes'] === true || file.endsWith('.duckdb')))
    )
      throw new UsageError(`${file} is there already: say --yes to replace it.`);
    const views = await writeDuckdbFile(file, lakeTools('lake duckdb', context, invocation));
    return {
      exitCode: 0,
      text: `${safeText(file)}: views ${views.join(', ')}\n`,
      document: { file, views },
    };
  });
}
