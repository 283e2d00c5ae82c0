/**
 * barloom as a library: the same core that the command line calls. Nothing here reads the environment, the terminal or the clock by itself.
 */

export { type ArchiveStore, openArchive } from './archive/store.js';
export { type IsoDay, isIsoDay } from './calendar/iso-day.js';
export { nyse, nyseEarlyClose } from './calendar/nyse.js';
export type { SessionCalendar } from './calendar/sessions.js';
export { type FolderLayout, folderLayout } from './disk/layout.js';
export type { Dataset } from './flatfile/dataset.js';
export { datasets, stocksDaily } from './flatfile/datasets/all.js';
export { rowCount, rowTicker, rowValues, type TakenRows } from './flatfile/taken-rows.js';
export type { DayAction, DayState, DayWishes } from './populate/day-state.js';
export type { DayEvent, PopulateEvent } from './populate/events.js';
export { type PopulateResult, populate } from './populate/populate.js';
export type { PopulateContext, PopulateRequest } from './populate/request.js';
export type { DatasetSummary } from './populate/summary.js';
export { decodeTicker, encodeTicker, seriesFileName } from './series/file-name.js';
export type { ParsedSeries } from './series/parsed-series.js';
export type { Row } from './series/row.js';
export { parseSeries, renderSeries } from './series/series-file.js';
export { createCounters, type WireCounters } from './source/counting.js';
export { SourceError, type SourceErrorKind } from './source/errors.js';
export { DEFAULT_RETRY, DEFAULT_WATCHDOG, type GuardSettings, guardSource } from './source/guard.js';
export { openSource, type SourceSettings } from './source/open-source.js';
export type { GetOptions, ListedObject, ObjectStream, Source, SourceIdentity } from './source/port.js';
export { sleep } from './source/sleep.js';
