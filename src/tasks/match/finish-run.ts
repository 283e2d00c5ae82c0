/** The end of a run of matching: what was read becomes price files, reports and the state, in this order. */
import path from 'node:path';
import type { ArchiveIndex } from '#market/instruments/archive-index.js';
import { RULES_VERSION } from '#market/instruments/match.js';
import { replaceFiles } from '#platform/disk/durable.js';
import { sha256 } from '#platform/disk/sha256.js';
import type { Lock } from '#platform/lock/lock.js';
import { indexCsv } from '#store/matching/index-file.js';
import type { MatchSummary } from '#store/matching/match-summary.js';
import { lookAt, type RecordedFile } from '#store/matching/recorded-file.js';
import { matchReportCsv, unmatchedReportCsv } from '#store/matching/reports.js';
import { type MatchState, type OutputName, type SourceState, STATE_SCHEMA } from '#store/matching/state.js';
import { indexEntries } from '#vendors/stooq/index-entries.js';
import { lookAtOutputs, writeOutputs } from './outputs.js';
import { type MatchPlan, matchingWork } from './plan-run.js';
import { bytesOf, madeFrom, own, type PlannedSource } from './plan-sources.js';
import type { PriceResult } from './price-work.js';
import { publishPrices } from './publish-prices.js';
import { type ReportRows, reportRows } from './report-rows.js';
import { type MatchResult, problemsIn } from './result.js';
import { reportsForm } from './settled-run.js';
import { summarize } from './summarize.js';

export interface Finishing {
  readonly lock: Pick<Lock, 'check'>;
  /** Told once it is known which reports do not stand as they were written. */
  readonly tell: (outputs: readonly string[]) => void;
}

export async function finishRun(
  plan: MatchPlan,
  results: ReadonlyMap<string, PriceResult>,
  { lock, tell }: Finishing,
): Promise<MatchResult> {
  const { request, inputs, found, previous, lists, planned } = plan;
  const { places } = request;
  const sources = Object.fromEntries(
    planned.map((one) => [one.ticker, sourceState(one, results.get(one.ticker))]),
  );
  const prices = priceRecords(plan, results);
  const written = [...results.values()].filter((result) => result.written !== undefined);
  const { gone, kept } = unwantedPrices(plan, prices);

  const foundations = { index: inputs.tree.hash, reports: foundationOf(plan, sources) };
  const outputs = lookAtOutputs(places, foundations, previous).map((output) =>
    output.name === 'index' && request.forceReindex
      ? { ...output, standing: undefined, isDue: true }
      : output,
  );
  tell(outputs.filter(({ isDue }) => isDue).map(({ name }) => name));
  await publishPrices(
    { written: written.map(({ ticker }) => plan.placeOf(ticker).file), unwanted: gone },
    lock.check,
  );

  const rows = once(() => rowsOf(plan, sources));
  const texts: Readonly<Record<OutputName, () => string>> = {
    index: () => indexCsv(indexEntries(inputs.tree)),
    match_report: () => matchReportCsv(rows().matched),
    unmatched_report: () => unmatchedReportCsv(rows().unmatched),
  };
  const made = await writeOutputs(
    outputs,
    (name) => texts[name](),
    path.dirname(places.stateFile),
    lock.check,
  );
  const isReportDue = outputs.some(({ name, isDue }) => isDue && name !== 'index');
  const summary = isReportDue || previous === undefined ? summaryOf(plan, rows()) : previous.summary;
  const state: MatchState = {
    schema_version: STATE_SCHEMA,
    rules: RULES_VERSION,
    reports: reportsForm(request),
    tree: inputs.tree.hash,
    aliases: inputs.aliasesHash,
    lists: lists.map(({ name, hash, matches, problems }) => ({ name, hash, matches, problems })),
    sources,
    prices: { ...kept, ...prices },
    outputs: made.records,
    summary,
  };
  const text = `${JSON.stringify(state)}\n`;
  // Compared whole: that a file was touched is to be known next time, even where nothing else has changed.
  if (found.kind !== 'found' || text !== found.text)
    await replaceFiles([{ file: places.stateFile, content: text }], lock.check);

  return {
    summary,
    work: {
      ...matchingWork(lists),
      files_read: results.size,
      bytes_read: bytesOf(planned),
      prices_written: written.length,
      prices_removed: gone.length,
      outputs_written: made.written,
    },
    problems: problemsIn(inputs.tree.unreadable, lists, sources),
    leftOut: inputs.tree.leftOut,
    doubles: planned.flatMap(({ ticker, chosen }) =>
      chosen.rivals === undefined ? [] : [{ ticker, path: chosen.path }],
    ),
  };
}

function sourceState({ chosen, before }: PlannedSource, result: PriceResult | undefined): SourceState {
  const { path: file, identity, rivals } = chosen;
  const { sha256: hash, judged } = before ?? NOTHING_KNOWN;
  const read = result === undefined ? {} : { identity: result.identity, sha256: result.sha256 };
  return {
    ...{ path: file, identity, sha256: hash, ...read },
    judged: result?.judged ?? judged,
    ...(rivals === undefined ? {} : { rivals }),
  };
}

const NOTHING_KNOWN = { sha256: '', judged: { kind: 'failed', status: 'missing_file' } } as const;

/**
 * Of the price files that are wanted and stand there once those of this run have their names. One whose
 * source could not be read this time stays as it is.
 */
function priceRecords(
  { request, found, planned, placeOf }: MatchPlan,
  results: ReadonlyMap<string, PriceResult>,
): Readonly<Record<string, RecordedFile>> {
  const before = found.kind === 'found' ? found.state.prices : {};
  const records: Record<string, RecordedFile> = {};
  for (const { ticker, intact } of planned) {
    const { sha256: source = '', written, judged } = results.get(ticker) ?? {};
    const kept = judged?.kind === 'failed' ? own(before, ticker) : judged === undefined ? intact : undefined;
    if (written !== undefined)
      records[ticker] = { file: placeOf(ticker).name, from: madeFrom(source, request), ...written };
    else if (kept !== undefined) records[ticker] = kept;
  }
  return records;
}

/**
 * Price files of earlier runs that no instrument has any more. They go, unless somebody has changed them
 * since; while a folder of the archive cannot be read, what it holds is not known, and all stay.
 */
function unwantedPrices(
  { request, found, inputs }: MatchPlan,
  wanted: Readonly<Record<string, RecordedFile>>,
): { readonly gone: readonly string[]; readonly kept: Readonly<Record<string, RecordedFile>> } {
  const { stateFile, pricesDir } = request.places;
  const base = path.dirname(stateFile);
  const wantedFiles = new Set(Object.values(wanted).map(({ file }) => file));
  const left = Object.entries(found.kind === 'found' ? found.state.prices : {}).filter(
    ([, { file }]) => !wantedFiles.has(file),
  );
  if (inputs.tree.unreadable.length > 0) return { gone: [], kept: Object.fromEntries(left) };
  const gone = left
    .map(([, record]) => ({ record, file: path.resolve(base, record.file) }))
    .filter(({ file }) => file.startsWith(`${pricesDir}${path.sep}`))
    .filter(
      ({ record, file }) => lookAt(record, record.from, { file, name: record.file }).state === 'current',
    )
    .map(({ file }) => file);
  return { gone, kept: {} };
}

/** All that the reports follow from, as a hash. */
function foundationOf(
  { request, inputs, lists }: MatchPlan,
  sources: Readonly<Record<string, SourceState>>,
): string {
  const judged = Object.entries(sources).map(([ticker, source]) => [
    ticker,
    source.path,
    source.sha256,
    source.judged.kind === 'failed' ? source.judged.status : '',
  ]);
  const listed = lists.map(({ name, hash }) => [name, hash]);
  const { aliasesHash, tree } = inputs;
  return sha256(
    JSON.stringify([RULES_VERSION, reportsForm(request), aliasesHash, tree.hash, listed, judged]),
  );
}

function rowsOf({ lists, request }: MatchPlan, sources: Readonly<Record<string, SourceState>>): ReportRows {
  const all = lists.flatMap(({ instruments, matches }) =>
    instruments().flatMap((instrument, i) => {
      const match = matches[i];
      return match === undefined ? [] : [{ instrument, match }];
    }),
  );
  return reportRows(all, sources, request.policy);
}

function summaryOf(plan: MatchPlan, rows: ReportRows): MatchSummary {
  const { request, inputs, previous, planned, isSameTree } = plan;
  return summarize(rows, {
    at: request.now.toISOString(),
    archive_files: inputs.tree.files,
    doubles: isSameTree && previous !== undefined ? previous.summary.doubles : doublesIn(plan.index()),
    tickers: planned.length,
  });
}

function doublesIn({ shares }: ArchiveIndex): number {
  let doubles = 0;
  for (const { entries } of shares.values()) if (entries.length > 1) doubles++;
  return doubles;
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
