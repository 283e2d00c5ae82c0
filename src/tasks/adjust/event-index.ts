/**
 * What happened to each ticker, and who had it, laid out by ticker beside the tables it is made of: show and
 * export read the few lines that they need without a database. Made anew by a fetch; whoever finds that it
 * is not of these tables reads the tables.
 */
import type { Actions } from '#market/adjust/actions.js';
import { dividends, splits, tickerEvents } from '#market/tables/actions.js';
import { tickers as tickersTable } from '#market/tables/reference.js';
import type { FolderLayout } from '#store/folder/layout.js';
import type { Duck } from '#store/lake/duckdb.js';
import { openTickerIndex, tablesMark, writeTickerIndex } from '#store/tables/ticker-index.js';
import { currentView } from '#store/tables/views.js';
import { historiesIn, type OwnerHistory } from '#tasks/identity/history.js';
import { readIdentity } from '#tasks/identity/read-identity.js';

type Root = Pick<FolderLayout, 'dataDir'>;

export interface KnownTicker {
  /** Undefined where nothing happened. */
  readonly actions: Actions | undefined;
  /** Empty where it had one owner with one name. */
  readonly owners: readonly OwnerHistory[];
}

const TYPES = [splits.name, dividends.name, tickersTable.name, tickerEvents.name];

/** Of these tickers. Undefined where the index is not of the tables as they are. */
export function indexedTickers(
  layout: Root,
  names: readonly string[],
): ReadonlyMap<string, KnownTicker> | undefined {
  const index = openTickerIndex(layout, tablesMark(layout, TYPES));
  if (index === undefined) return undefined;
  const found = new Map<string, KnownTicker>();
  for (const name of names) {
    const line = index.lineOf(name);
    if (line === undefined) return undefined;
    if (line !== '') found.set(name, parsed(line));
  }
  return found;
}

/** Who had each of these tickers, and what else they were called. */
export async function readHistories(
  layout: Root,
  names: readonly string[],
  duck: () => Promise<Duck>,
): Promise<(ticker: string) => readonly OwnerHistory[]> {
  const known = indexedTickers(layout, names);
  if (known !== undefined) return (ticker) => known.get(ticker)?.owners ?? [];
  return historiesIn(await readIdentity(layout, names, await duck()));
}

/** Under the tables' lock. Whether it had to be written. Throws the disk's error. */
export async function refreshEventIndex({
  layout,
  duck,
  checkLock,
}: {
  readonly layout: Root;
  readonly duck: Duck;
  checkLock(): Promise<void>;
}): Promise<boolean> {
  const mark = tablesMark(layout, TYPES);
  if (openTickerIndex(layout, mark) !== undefined) return false;
  await writeTickerIndex(layout, mark, lines(layout, duck), checkLock);
  return true;
}

async function* lines(layout: Root, duck: Duck): AsyncGenerator<readonly [string, string]> {
  const splitTexts = await textsByTicker(
    `SELECT ticker, ${fields('execution_date', 'split_from', 'split_to', 'historical_adjustment_factor')} AS one, execution_date::VARCHAR AS day, id ` +
      `FROM (${currentView(splits, layout)}) WHERE ticker IS NOT NULL AND execution_date IS NOT NULL`,
    duck,
  );
  const dividendTexts = await textsByTicker(
    `SELECT ticker, ${fields('ex_dividend_date', 'cash_amount', `'=' || currency`, 'split_adjusted_cash_amount', 'historical_adjustment_factor')} AS one, ex_dividend_date::VARCHAR AS day, id ` +
      `FROM (${currentView(dividends, layout)}) WHERE ticker IS NOT NULL AND ex_dividend_date IS NOT NULL`,
    duck,
  );
  const identity = await readIdentity(layout, undefined, duck);
  const histories = historiesIn(identity);
  const tickers = new Set([...splitTexts.keys(), ...dividendTexts.keys()]);
  for (const { ticker } of [...identity.listed, ...identity.changes]) tickers.add(ticker);
  for (const ticker of [...tickers].sort()) {
    const owners = histories(ticker);
    const isPlain = owners.length < 2 && owners.every(({ names }) => names.length < 2);
    const [own, paid] = [splitTexts.get(ticker) ?? '', dividendTexts.get(ticker) ?? ''];
    if (own !== '' || paid !== '' || !isPlain)
      yield [ticker, [own, paid, isPlain ? '' : JSON.stringify(owners)].join(PART)];
  }
}

/** Between a line's parts, a part's records and a record's fields: no text of the vendor's has them. */
const [PART, RECORD, FIELD] = ['\u001d', '\u001e', '\u001f'];

function fields(...columns: readonly string[]): string {
  return columns
    .map((column) => `coalesce((${column})::VARCHAR, '')`)
    .join(` || chr(${FIELD.charCodeAt(0)}) || `);
}

/** The database sorts, for what it holds it can spill; of a list that it puts together it cannot. */
async function textsByTicker(select: string, duck: Duck): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  const result = await duck.connection.stream(`SELECT ticker, one FROM (${select}) ORDER BY ticker, day, id`);
  let [now, records]: [string, string[]] = ['', []];
  const end = (): void => {
    if (records.length > 0) texts.set(now, records.join(RECORD));
  };
  for await (const rows of result.yieldRowsJs())
    for (const [ticker, one] of rows) {
      if (ticker !== now) {
        end();
        [now, records] = [String(ticker), []];
      }
      records.push(String(one));
    }
  end();
  return texts;
}

function parsed(line: string): KnownTicker {
  const [own = '', paid = '', owners = ''] = line.split(PART);
  return {
    actions:
      own === '' && paid === ''
        ? undefined
        : {
            splits: records(own).map(([day = '', from = '', to = '', factor = '']) => ({
              day,
              from,
              to,
              vendorFactor: factor || undefined,
            })),
            dividends: records(paid).map(
              ([day = '', cash = '', currency = '', adjusted = '', factor = '']) => ({
                day,
                cash,
                currency: currency === '' ? undefined : currency.slice(1),
                splitAdjustedCash: adjusted || undefined,
                vendorFactor: factor || undefined,
              }),
            ),
          },
    owners: owners === '' ? [] : (JSON.parse(owners) as readonly OwnerHistory[]),
  };
}

function records(text: string): readonly (readonly string[])[] {
  return text === '' ? [] : text.split(RECORD).map((record) => record.split(FIELD));
}
