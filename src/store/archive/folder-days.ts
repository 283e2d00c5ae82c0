/** The day files of a folder: a file a day, with a table of contents a month. */
import { existsSync } from 'node:fs';
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { archiveFile, archiveFolder, type FolderLayout } from '#store/folder/layout.js';
import { daysIn, looksWhole, stampOfFile } from './archived-files.js';
import { withDayFile } from './day-file.js';
import type { DayFiles } from './day-files.js';
import { openMonthTocs } from './month-tocs.js';

export function folderDays(layout: FolderLayout, dataset: Dataset): DayFiles {
  const fileOf = (day: IsoDay): string => archiveFile(layout, dataset, day);
  const tocs = openMonthTocs(layout, dataset);
  return {
    days: () => daysIn(archiveFolder(layout, dataset)),
    stampOf: (day) => stampOfFile(fileOf(day)),
    isThere: (day) => existsSync(fileOf(day)),
    looksWhole: (day) => looksWhole(fileOf(day), dataset),
    open: (day, use) => withDayFile(fileOf(day), dataset, use),
    fileOf,
    tocOf: tocs.of,
    textBytesOf: () => undefined,
    noteToc: tocs.note,
    forgetToc: tocs.forget,
    saveTocs: tocs.save,
    ahead: undefined,
  };
}
