/**
 * Under which heading of the help an option stands, by its long name: the same in every command. What is
 * shared by nearly all commands is folded there into a line of names. Pure.
 */

export type OptionGroup = 'What' | 'Days' | 'Options' | 'Output' | 'Where' | 'Vendor' | 'Run';

/** In the order of the help. */
export const OPTION_GROUPS: readonly OptionGroup[] = [
  'What',
  'Days',
  'Options',
  'Output',
  'Where',
  'Vendor',
  'Run',
];

const NAMES: Readonly<Record<Exclude<OptionGroup, 'Options'>, string>> = {
  What: 'dataset tickers ticker-files tickers-from underlying all-tickers tracked file like universe table only',
  Days: 'start end days months on as-of keep-days backfill-years',
  Output: 'format output columns json quiet progress log-file log-level',
  Where: 'data-dir archive-dir sandbox',
  Vendor:
    'endpoint bucket profile rest-endpoint rate-limit concurrency sandbox-tickers adopt-source alpaca-url bwlimit',
  Run: 'workers memory break-lock wait-lock',
};

const GROUP_OF: ReadonlyMap<string, OptionGroup> = new Map(
  OPTION_GROUPS.flatMap((group) =>
    group === 'Options' ? [] : NAMES[group].split(' ').map((name) => [name, group] as const),
  ),
);

/** What the short help names in a line only. */
const FOLDED: ReadonlySet<string> = new Set(
  `${NAMES.Where} ${NAMES.Vendor} ${NAMES.Run} quiet progress log-file log-level`.split(' '),
);

/** `name`: `start`, `progress` of --no-progress. */
export function optionGroup(name: string): OptionGroup {
  return GROUP_OF.get(name) ?? 'Options';
}

export function isFolded(name: string): boolean {
  return FOLDED.has(name);
}
