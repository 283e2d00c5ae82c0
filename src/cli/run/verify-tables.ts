/** verify's part about the tables of the REST API: looks, and with --repair moves aside what is damaged. */
import type { Invocation } from '#cli/invocation.js';
import { lockChoice } from '#cli/options/lock-options.js';
import { verifyTablesText } from '#cli/output/verify-tables-text.js';
import { TABLES } from '#market/tables/all.js';
import { heldTables } from '#store/tables/layout.js';
import { withTables } from '#store/tables/open-tables.js';
import { repairTable } from '#tasks/fetch/repair-table.js';
import { type VerifiedTable, verifyTable } from '#tasks/fetch/verify-table.js';
import { withReader } from '#tasks/lake/open-lake.js';
import type { CommandContext } from './context.js';
import { lakeTools } from './lake-tools.js';

export interface VerifiedTables {
  readonly text: string;
  /** For the JSON document. */
  readonly tables: readonly (VerifiedTable & { readonly moved_aside: readonly string[] })[];
  readonly damaged: boolean;
}

/** Undefined where there is no table, or datasets were named. */
export async function verifyTables(
  context: CommandContext,
  invocation: Invocation,
): Promise<VerifiedTables | undefined> {
  const { flags, environment } = invocation;
  const { layout, now } = context;
  const held = flags['dataset'] === undefined ? heldTables(layout) : [];
  if (held.length === 0) return undefined;
  const begun = environment.clock();
  const deep = flags['deep'] === true;
  const today = now.toISOString().slice(0, 10);
  const found = await withReader(lakeTools('verify', context, invocation), async (open) => {
    const all: VerifiedTable[] = [];
    for (const name of held) {
      environment.signal.throwIfAborted();
      const type = TABLES.get(name);
      if (type !== undefined) all.push(await verifyTable(type, layout, { database: open, today, deep }));
    }
    return all;
  });
  const damaged = found.filter(({ damage }) => damage.length > 0);
  const aside = new Map<string, readonly string[]>();
  if (flags['repair'] === true && damaged.length > 0) {
    const { memoryBytes, threads } = lakeTools('verify', context, invocation);
    const options = { layout, command: 'verify', now, memoryBytes, threads, ...lockChoice(invocation) };
    await withTables(options, async (tables) => {
      for (const one of damaged) aside.set(one.type, await repairTable(one, tables, now));
    });
  }
  const tables = found.map((one) => ({ ...one, moved_aside: aside.get(one.type) ?? [] }));
  const seconds = (environment.clock() - begun) / 1000;
  return {
    text: verifyTablesText(tables, { deep, repaired: flags['repair'] === true, seconds }),
    tables,
    damaged: damaged.length > 0,
  };
}
