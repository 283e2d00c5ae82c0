/**
 * What a run of matching looks at first: the archive's names, the lists' bytes, the user's aliases. Nothing
 * of it is interpreted here but the aliases.
 */
import { statSync } from 'node:fs';
import { type Alias, BUILT_IN_ALIASES, parseAlias } from '#market/instruments/aliases.js';
import { readBytes } from '#platform/disk/read.js';
import { sha256 } from '#platform/disk/sha256.js';
import { readCsv } from '#vendors/broker/csv-records.js';
import { decodeList } from '#vendors/broker/list-text.js';
import { type BrokerList, readLists } from '#vendors/broker/read-lists.js';
import { type StooqTree, scanTree } from '#vendors/stooq/scan-tree.js';
import { MatchInputError } from './input-error.js';
import type { MatchPlaces } from './request.js';

export interface MatchInputs {
  readonly tree: StooqTree;
  readonly lists: readonly BrokerList[];
  /** The user's first. */
  readonly aliases: readonly Alias[];
  /** Of the user's file; '' where there is none. */
  readonly aliasesHash: string;
}

/** Throws MatchInputError, or the disk's error. */
export async function lookAtInputs({
  stooqDir,
  instrumentsDir,
  aliasesFile,
}: MatchPlaces): Promise<MatchInputs> {
  requireFolder(
    stooqDir,
    `There is no Stooq archive in ${stooqDir}: get the daily ASCII bundles (d_us_txt.zip, d_uk_txt.zip, …) from https://stooq.com/db/h/ and ` +
      'unpack them there, or say with --stooq-dir where they are. barloom sandbox stooq DIR makes one to try things out.',
  );
  requireFolder(
    instrumentsDir,
    `There is no folder ${instrumentsDir} with the broker's lists: put CSV files with the columns symbol, isin, market, name, currency there, ` +
      'or say with --instruments where they are.',
  );
  const lists = await readLists(instrumentsDir);
  if (lists.length === 0)
    throw new MatchInputError(
      `There is no CSV file in ${instrumentsDir}: --instruments says where the lists are.`,
    );
  const tree = scanTree(stooqDir);
  if (tree.files === 0)
    throw new MatchInputError(
      `There is no price file (*.txt) below ${stooqDir}: unpack Stooq's bundles there (https://stooq.com/db/h/), or give --stooq-dir.`,
    );
  return { tree, lists, ...(await aliasesIn(aliasesFile)) };
}

function requireFolder(folder: string, otherwise: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new MatchInputError(otherwise);
}

async function aliasesIn(file: string | undefined): Promise<Pick<MatchInputs, 'aliases' | 'aliasesHash'>> {
  if (file === undefined) return { aliases: BUILT_IN_ALIASES, aliasesHash: '' };
  const bytes = await readBytes(file);
  const { records } = readCsv(decodeList(bytes).text);
  const own = records
    .filter(({ cells }, i) => i > 0 || cells[0]?.toLowerCase() !== 'from')
    .map(({ line, cells }) => {
      const alias = parseAlias(cells);
      if (typeof alias === 'string') throw new MatchInputError(`${file}, line ${line}: ${alias}.`);
      return alias;
    });
  return { aliases: [...own, ...BUILT_IN_ALIASES], aliasesHash: sha256(bytes) };
}
