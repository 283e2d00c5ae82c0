/**
 * The verb: will it work, and if not, what to do. Nothing is changed, but for a temporary folder that is
 * removed again.
 */
import { dayOfKey } from '#market/datasets/key.js';
import type { ListedObject } from '#platform/s3/port.js';
import type { SourceIdentity } from '#platform/source-identity.js';
import type { AllTracked } from '#store/lists/all-tracked.js';
import type { RunOutcome } from '#tasks/exit-code.js';
import { folderOfEndpoint } from '#vendors/keys/endpoint.js';
import type { FoundCredentials } from '#vendors/keys/profile.js';
import { type Check, type ExamineOptions, examine, type Station } from './check.js';
import {
  checkEndpoint,
  checkKeys,
  decideEndpoint,
  type EndpointRequest,
  judgeClock,
  type KeysRequest,
} from './connection-checks.js';
import {
  type Connection,
  checkDay,
  checkListing,
  checkPlan,
  type DatasetDiagnosis,
  type DatasetRequest,
} from './dataset-checks.js';
import type { Finding } from './finding.js';
import {
  checkFolders,
  checkLock,
  checkProgress,
  judgeTickers,
  judgeTraits,
  type ProgressRequest,
} from './folder-checks.js';
import type { EndpointAnswer } from './probe-endpoint.js';
import type { FolderTraits } from './probe-folder.js';
import { checkSpace, type SpaceRequest, toFetch } from './space-check.js';

export interface DoctorRequest extends Omit<SpaceRequest, 'wanted'>, Omit<ProgressRequest, 'source'> {
  /** Checks that are made already: the program itself, its settings. */
  readonly before: readonly { readonly name: string; readonly finding: Finding }[];
  readonly datasets: readonly DatasetRequest[];
  /** Undefined for the embedded sandbox, which needs neither. */
  readonly vendor: { readonly keys: KeysRequest; readonly endpoint: EndpointRequest } | undefined;
  /** What the program takes for now by order, where it was. */
  readonly fixedNow: string | undefined;
  /** Called at most once, when there are keys. Asks nothing yet. */
  readonly openConnection: () => Promise<Connection>;
  /** Throws TickerListError. */
  readonly readTickers: () => Promise<AllTracked>;
}

export interface Diagnosis {
  readonly checks: readonly Check[];
  readonly datasets: readonly DatasetDiagnosis[];
  /** The endpoint that was decided on, and what decided. */
  readonly endpoint: { readonly value: string; readonly origin: string } | undefined;
  readonly outcome: RunOutcome;
}

/** What one check learns and a later one uses. */
interface Learnt {
  credentials?: FoundCredentials;
  endpoint?: { readonly value: string; readonly origin: string };
  answer?: EndpointAnswer;
  connection?: Connection;
  traits?: readonly FolderTraits[];
  readonly newest: Map<string, ListedObject>;
  readonly datasets: ReadonlyMap<string, DatasetDiagnosis>;
}

export async function diagnose(request: DoctorRequest, options: ExamineOptions): Promise<Diagnosis> {
  const learnt: Learnt = {
    newest: new Map(),
    datasets: new Map(
      request.datasets.map(({ dataset, range }) => [dataset.name, { dataset: dataset.name, range }]),
    ),
  };
  const stations = [
    ...request.before.map(({ name, finding }) => ({ name, run: async () => finding })),
    ...(request.vendor === undefined
      ? sandboxStations(request, learnt)
      : vendorStations(request.vendor, request, learnt)),
    ...request.datasets.flatMap((one) => datasetStations(one, learnt, request)),
    ...folderStations(request, learnt),
  ];
  const { checks, outcome } = await examine(stations, options);
  return { checks, outcome, endpoint: learnt.endpoint, datasets: [...learnt.datasets.values()] };
}

function sandboxStations({ openConnection }: DoctorRequest, learnt: Learnt): readonly Station[] {
  const run = async (): Promise<Finding> => {
    learnt.connection = await openConnection();
    return { state: 'ok', message: 'the sandbox inside the program; it needs no keys' };
  };
  return [{ name: 'endpoint', run }];
}

function vendorStations(
  { keys, endpoint }: NonNullable<DoctorRequest['vendor']>,
  { openConnection, fixedNow }: DoctorRequest,
  learnt: Learnt,
): readonly Station[] {
  const isFolder = endpoint.option !== undefined && folderOfEndpoint(endpoint.option) !== undefined;
  const keyStation: Station = {
    name: 'keys',
    run: async () => {
      const { finding, credentials } = await checkKeys(keys);
      learnt.credentials = credentials;
      return finding;
    },
  };
  const endpointStation: Station = {
    name: 'endpoint',
    needs: ['keys'],
    run: async (signal) => {
      // First: nothing is asked yet, and where days would come from is known even if nobody answers.
      learnt.connection = await openConnection();
      const decided = decideEndpoint(endpoint, learnt.credentials);
      learnt.endpoint = decided;
      const { finding, answer } = await checkEndpoint(decided, endpoint, signal);
      if (answer !== undefined) learnt.answer = answer;
      return finding;
    },
  };
  const clockStation: Station = {
    name: 'clock',
    needs: ['endpoint'],
    run: async () => judgeClock(learnt.answer?.aheadMs, fixedNow),
  };
  return isFolder ? [endpointStation] : [keyStation, endpointStation, clockStation];
}

function datasetStations(one: DatasetRequest, learnt: Learnt, { layout }: DoctorRequest): readonly Station[] {
  const of = one.dataset.name;
  const about = learnt.datasets.get(of);
  const listing = async (signal: AbortSignal): Promise<Finding> => {
    const { finding, newest } = await checkListing(one, connectionOf(learnt), signal);
    if (newest !== undefined) learnt.newest.set(of, newest);
    const day = dayOfKey(newest?.key ?? '');
    if (about !== undefined && day !== undefined) about.newest_day = day;
    return finding;
  };
  const day = async (signal: AbortSignal): Promise<Finding> => {
    const { finding, sample } = await checkDay(
      { ...one, object: newestOf(learnt, of), layout },
      connectionOf(learnt),
      signal,
    );
    if (about !== undefined && sample !== undefined) about.sample = sample;
    return finding;
  };
  const plan = async (signal: AbortSignal): Promise<Finding> => {
    const newest = dayOfKey(newestOf(learnt, of).key) ?? '';
    const { finding, firstAllowed } = await checkPlan(one, newest, connectionOf(learnt), signal);
    if (about !== undefined) about.first_allowed_day = firstAllowed;
    return finding;
  };
  return [
    { name: 'listing', of, needs: ['endpoint'], run: listing },
    { name: 'day', of, needs: ['listing'], run: day },
    { name: 'plan', of, needs: ['day'], run: plan },
  ];
}

function folderStations(request: DoctorRequest, learnt: Learnt): readonly Station[] {
  const { layout, now, adoptSource } = request;
  let tickers: readonly string[] = [];
  const folders = async (): Promise<Finding> => {
    const { finding, traits } = await checkFolders(
      layout,
      request.datasets.map(({ dataset }) => dataset),
    );
    learnt.traits = traits;
    return finding;
  };
  const lists = async (): Promise<Finding> => {
    const all = await request.readTickers();
    tickers = all.tickers;
    return judgeTickers(all, request.vendor === undefined && all.lists.length === 0);
  };
  const space = async (): Promise<Finding> => {
    const wishes = { ...request, wanted: tickers };
    const all = request.datasets.map((one) => {
      const about = learnt.datasets.get(one.dataset.name);
      const missing = toFetch(one, about ?? {}, wishes);
      if (about !== undefined) about.to_fetch = missing;
      return missing;
    });
    return checkSpace(all, wishes);
  };
  const source = (): SourceIdentity | undefined => learnt.connection?.source.identity;
  return [
    { name: 'folder', run: folders },
    { name: 'files', needs: ['folder'], run: async () => judgeTraits(learnt.traits ?? []) },
    { name: 'lock', needs: ['folder'], run: () => checkLock(layout.dataDir) },
    {
      name: 'progress',
      needs: ['folder'],
      run: () => checkProgress({ layout, now, adoptSource, source: source() }),
    },
    { name: 'tickers', needs: ['folder'], run: lists },
    { name: 'space', needs: ['folder'], run: space },
  ];
}

function connectionOf({ connection }: Learnt): Connection {
  if (connection === undefined) throw new Error('the connection is not open');
  return connection;
}

function newestOf({ newest }: Learnt, dataset: string): ListedObject {
  const found = newest.get(dataset);
  if (found === undefined) throw new Error('nothing is listed');
  return found;
}
