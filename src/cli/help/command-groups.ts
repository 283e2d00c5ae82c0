/** The commands by what they are for, in the order of `barloom --help`. */
export const COMMAND_GROUPS: readonly (readonly [heading: string, commands: readonly string[]])[] = [
  ['Download', ['populate', 'add', 'remove', 'nightly', 'weekly', 'sync', 'ingest', 'schedule']],
  ['Look', ['show', 'export', 'tickers', 'status', 'datasets', 'sql', 'report', 'mcp']],
  ['Check and repair', ['doctor', 'gaps', 'backfill', 'verify', 'rebuild']],
  ['Lake, tables and databases', ['lake', 'features', 'qlib', 'fetch', 'ratios', 'quotes', 'load', 'match']],
  ['Archive', ['prune', 'backup', 'restore', 'move-archive', 'cluster']],
  ['Help', ['version', 'completion', 'sandbox']],
];

/** '' for one that stands in no group. */
export function commandGroup(name: string): string {
  return COMMAND_GROUPS.find(([, commands]) => commands.includes(name))?.[0] ?? '';
}
