/**
 * What a reader may expect of an archive, wherever it is, as one suite: the folder is the measure, and whatever
 * stands behind the port must say the same.
 */
import { describe, expect, test } from 'vitest';
import { stocksDaily } from '#market/datasets/all.js';
import { rowCount, rowTicker, rowValues, type TakenRows } from '#market/records/taken-rows.js';
import { ArchiveDamage } from '#store/archive/bgzf.js';
import { eachBlock } from '#store/archive/day-blocks.js';
import { type ArchiveStore, openArchive } from '#store/archive/store.js';
import { type FolderLayout, folderLayout } from '#store/folder/layout.js';
import { textSha256 } from '#store/lake/day-text.js';

/** `of`: an archive with the same days as the folder's, and where it is. */
export function describeArchive(
  name: string,
  of: () => Promise<{ readonly dataDir: string; readonly layout: FolderLayout }>,
): void {
  const both = async (): Promise<readonly [ArchiveStore, ArchiveStore]> => {
    const { dataDir, layout } = await of();
    return [openArchive(layout, stocksDaily), openArchive(folderLayout(dataDir), stocksDaily)];
  };
  const bytes = (...tickers: string[]): Uint8Array[] => tickers.sort().map((ticker) => Buffer.from(ticker));

  describe(`an archive in ${name}`, () => {
    test('has the same days, and their sizes', async () => {
      const [archive, folder] = await both();
      expect(archive.days()).toEqual(folder.days());
      for (const day of folder.days())
        expect(archive.stampOf(day)?.size, day).toBe(folder.stampOf(day)?.size);
      expect(archive.stampOf('1999-01-04')).toBeUndefined();
      expect(archive.isThere('1999-01-04')).toBe(false);
    });

    test('gives the same rows of some tickers over many days, of slices, of all', async () => {
      const [archive, folder] = await both();
      const wishes = folder.days().map((day) => ({ day, tickers: bytes('AAPL', 'MSFT', 'nobody') }));
      expect(archive.takeDays(wishes).map(rowsOf)).toEqual(folder.takeDays(wishes).map(rowsOf));
      const [day = ''] = folder.days();
      const [from, to] = [Buffer.from('B'), Buffer.from('N')];
      expect(rowsOf(archive.takeSlice(day, from, to))).toEqual(rowsOf(folder.takeSlice(day, from, to)));
      expect(rowsOf(archive.takeRows(day, '*'))).toEqual(rowsOf(folder.takeRows(day, '*')));
      expect(archive.columnsOf(day)).toEqual(folder.columnsOf(day));
      expect(archive.cutsOf(day)).toEqual(folder.cutsOf(day));
    });

    test("gives the same blocks of lines, and the day's text", async () => {
      const [archive, folder] = await both();
      for (const day of folder.days()) {
        const blocks = (of: ArchiveStore): string[] => {
          const all: string[] = [];
          eachBlock({ archive: of, dataset: stocksDaily }, day, Buffer.from('AAPL'), (block) => {
            all.push(block.toString());
            return undefined;
          });
          return all;
        };
        expect(blocks(archive), day).toEqual(blocks(folder));
        expect(textSha256(archive, day, stocksDaily), day).toBe(textSha256(folder, day, stocksDaily));
      }
    });

    test('gives what another program opens, under a name that tells the day', async () => {
      const [archive, folder] = await both();
      const [day = ''] = folder.days();
      expect(archive.fileOf(day).endsWith(`/${day}.csv.gz`)).toBe(true);
      archive.check(day);
    });
  });
}

export function rowsOf(taken: TakenRows | ArchiveDamage): readonly (readonly [string, string])[] | string {
  if (taken instanceof ArchiveDamage) return taken.message;
  return Array.from({ length: rowCount(taken) }, (_, i) => [rowTicker(taken, i), rowValues(taken, i)]);
}
