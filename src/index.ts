/**
 * barloom as a library: the same core that the command line calls. Nothing here reads the environment, the
 * terminal or the clock by itself.
 */

export type { DayAction, DayState, DayWishes } from '#ingest/plan/day-state.js';
export type { DayEvent, PopulateEvent } from '#ingest/run/events.js';
export type { PopulateContext, PopulateRequest } from '#ingest/run/request.js';
export { type IsoDay, isIsoDay } from '#market/calendar/iso-day.js';
export { nyse, nyseEarlyClose } from '#market/calendar/nyse.js';
export type { SessionCalendar } from '#market/calendar/sessions.js';
export { datasets, stocksDaily } from '#market/datasets/all.js';
export type { Dataset } from '#market/datasets/dataset.js';
export { rowCount, rowTicker, rowValues, type TakenRows } from '#market/records/taken-rows.js';
export { createCounters, type RequestCounters } from '#platform/guard/counting.js';
export { DEFAULT_RETRY, DEFAULT_WATCHDOG, type GuardSettings } from '#platform/guard/guard.js';
export { sleep } from '#platform/http/sleep.js';
export { SourceError, type SourceErrorKind } from '#platform/http/source-error.js';
export { guardSource } from '#platform/s3/guard-source.js';
export type {
  GetOptions,
  ListedObject,
  ObjectStream,
  Source,
} from '#platform/s3/port.js';
export type { SourceIdentity } from '#platform/source-identity.js';
export { type ArchiveStore, openArchive } from '#store/archive/store.js';
export { type FolderLayout, folderLayout } from '#store/folder/layout.js';
export { decodeTicker, encodeTicker, seriesFileName } from '#store/series/file-name.js';
export type { ParsedSeries, Row } from '#store/series/row.js';
export { parseSeries, renderSeries } from '#store/series/series-file.js';
export { type PopulateResult, populate } from '#tasks/populate/populate.js';
export type { DatasetSummary } from '#tasks/populate/summary.js';
export { openSource, type SourceSettings } from '#vendors/flatfiles/open-source.js';
