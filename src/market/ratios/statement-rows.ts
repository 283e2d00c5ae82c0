/**
 * The rows that ratios are made of, as SQL over versions of statements: one for each company, basis and
 * period, and for each day on which one of its three statements changed, with the versions that were known
 * on that day. What the vendor lacks is made where it follows exactly: a fourth quarter is the year less
 * three quarters, twelve months are four quarters. Earnings a share are never made by subtraction.
 *
 * Which versions belong together is found among narrow tables of numbers (`_keys`); the wide ones are met
 * once, by `vid`.
 */
import { operandRowsSql } from './operand-rows.js';
import { fieldsOf, STATEMENTS, type Statement } from './statement-fields.js';
import { bucketOf, bucketsSql, temporary } from './temporary-tables.js';

/** SELECTs with the vendor's columns, `known_on` (the day from which a version counts) and `version`. */
export type StatementSources = Readonly<Record<Statement, string>>;

/** Statements that leave a temporary table `statement_rows`; to be run one after the other. */
export function statementRowsSql(sources: StatementSources): readonly string[] {
  return [
    ...STATEMENTS.map((one) => versionsSql(one, sources[one])),
    temporary(
      'companies',
      `SELECT cik, row_number() OVER (ORDER BY cik)::INTEGER AS cid FROM (${STATEMENTS.map((one) => `SELECT cik FROM ${one}_versions`).join(' UNION ')})`,
    ),
    ...STATEMENTS.map(keysSql),
    ...madeFlowsSql('income'),
    ...madeFlowsSql('cash'),
    daysSql(),
    operandRowsSql(),
  ];
}

function versionsSql(statement: Statement, source: string): string {
  const head =
    'cik, timeframe, period_end, fiscal_year, fiscal_quarter, filing_date, known_on, version, tickers';
  return temporary(
    `${statement}_versions`,
    `SELECT row_number() OVER () AS vid, ${head}, ${fieldsOf(statement).join(', ')} FROM (${source}) ` +
      "WHERE cik IS NOT NULL AND period_end IS NOT NULL AND timeframe IN ('quarterly', 'annual', 'trailing_twelve_months')",
  );
}

/**
 * A version that comes after one with a later filing date changes nothing: the amendment stays the one that
 * counts.
 */
function keysSql(statement: Statement): string {
  const period = 'cid, basis, period_end';
  return temporary(
    `${statement}_keys`,
    `SELECT ${period}, known_on, vid FROM (` +
      "SELECT cid, CASE timeframe WHEN 'quarterly' THEN 'quarterly' WHEN 'annual' THEN 'annual' ELSE 'ttm' END AS basis, " +
      'period_end, known_on, vid, coalesce(filing_date, known_on) AS filed, version, fiscal_year, fiscal_quarter ' +
      `FROM ${statement}_versions JOIN companies USING (cik)) ` +
      `QUALIFY row_number() OVER (PARTITION BY ${period}, known_on ORDER BY filed DESC, version DESC, fiscal_year DESC NULLS LAST, fiscal_quarter DESC NULLS LAST) = 1 ` +
      `AND filed >= max(filed) OVER (PARTITION BY ${period} ORDER BY known_on RANGE UNBOUNDED PRECEDING)`,
  );
}

/** Weighted averages: a year's is not the sum of its quarters'. */
const SHARES = new Set(['basic_shares_outstanding', 'diluted_shares_outstanding']);
const PER_SHARE = new Set(['basic_earnings_per_share', 'diluted_earnings_per_share']);

/** Of the fourth quarter: p0 is the year, p1 to p3 the quarters before. Its shares are the year's. */
function fourthQuarter(name: string): string {
  if (PER_SHARE.has(name)) return `NULL::DOUBLE AS ${name}`;
  return SHARES.has(name) ? `p0.${name}` : `p0.${name} - p1.${name} - p2.${name} - p3.${name} AS ${name}`;
}

/** Of twelve months: p0 to p3 are the quarters. */
function fourQuarters(name: string): string {
  if (PER_SHARE.has(name)) return `NULL::DOUBLE AS ${name}`;
  const sum = `p0.${name} + p1.${name} + p2.${name} + p3.${name}`;
  return SHARES.has(name) ? `(${sum}) / 4 AS ${name}` : `${sum} AS ${name}`;
}

/** Adds to `<statement>_keys` and `<statement>_versions` what follows from others. */
function madeFlowsSql(statement: 'income' | 'cash'): readonly string[] {
  return [
    ...madeSql(statement, { basis: 'quarterly', from: 'annual', of: fourthQuarter }),
    ...madeSql(statement, { basis: 'ttm', from: 'quarterly', of: fourQuarters }),
  ];
}

interface Making {
  readonly basis: 'quarterly' | 'ttm';
  /** Of which the row at the period's own end is. */
  readonly from: 'annual' | 'quarterly';
  readonly of: (field: string) => string;
}

/** Days from a period's end back to those of the quarters before it, and how far off they may be. */
const QUARTERS_BACK = [91, 183, 274] as const;
const QUARTER_OFF = 20;

/**
 * For each period of `from` that `basis` has none of (within the same days): its own row (p0) and those of the
 * three quarters before it (p1 to p3), as they were known on every day on which one of the four changed.
 */
function madeSql(statement: 'income' | 'cash', { basis, from, of }: Making): readonly string[] {
  const keys = `${statement}_keys`;
  const parts = [0, 1, 2, 3];
  const back = parts.slice(1);
  const away = (i: number): string => `abs(t.period_end - e${i}.period_end - ${QUARTERS_BACK[i - 1]})`;
  const version = (i: number): string => `p${i}.vid AS vid${i}`;
  const asOf = (i: number): string => {
    const [end, own] = i === 0 ? ['period_end', from] : [`end${i}`, 'quarterly'];
    return `ASOF JOIN (SELECT * FROM ${keys} WHERE basis = '${own}') p${i} ON p${i}.cid = d.cid AND p${i}.period_end = d.${end} AND d.known_on >= p${i}.known_on`;
  };
  const fields = fieldsOf(statement);
  return [
    temporary(
      'lacking',
      `SELECT DISTINCT cid, period_end FROM ${keys} t WHERE basis = '${from}' AND NOT EXISTS (` +
        `SELECT 1 FROM ${bucketsSql(periods(keys, basis))} u WHERE u.cid = t.cid AND u.bucket = ${bucketOf('t.period_end')} AND abs(u.period_end - t.period_end) <= ${QUARTER_OFF})`,
    ),
    temporary(
      'parts',
      `SELECT t.*, ${back.map((i) => `e${i}.period_end AS end${i}`).join(', ')} FROM lacking t ` +
        back
          .map(
            (i) =>
              `JOIN ${bucketsSql(periods(keys, 'quarterly'))} e${i} ON e${i}.cid = t.cid AND e${i}.bucket = ${bucketOf(`t.period_end - ${QUARTERS_BACK[i - 1]}`)} AND ${away(i)} <= ${QUARTER_OFF}`,
          )
          .join(' ') +
        ` QUALIFY row_number() OVER (PARTITION BY t.cid, t.period_end ORDER BY ${back.map((i) => `${away(i)}, e${i}.period_end`).join(', ')}) = 1`,
    ),
    temporary(
      'part_days',
      `SELECT t.*, k.known_on FROM parts t JOIN ${keys} k ON k.cid = t.cid AND k.basis = '${from}' AND k.period_end = t.period_end` +
        back
          .map(
            (i) =>
              ` UNION SELECT t.*, k.known_on FROM parts t JOIN ${keys} k ON k.cid = t.cid AND k.basis = 'quarterly' AND k.period_end = t.end${i}`,
          )
          .join(''),
    ),
    temporary(
      'made',
      `SELECT d.cid, d.period_end, d.known_on, ${parts.map(version).join(', ')}, ` +
        `(SELECT max(vid) FROM ${statement}_versions) + row_number() OVER () AS vid ` +
        `FROM part_days d ${parts.map(asOf).join(' ')}`,
    ),
    `INSERT INTO ${statement}_versions BY NAME SELECT d.vid, c.cik, d.period_end, d.known_on, greatest(${parts.map((i) => `p${i}.filing_date`).join(', ')}) AS filing_date, p0.tickers, ${fields.map(of).join(', ')} ` +
      `FROM made d JOIN companies c USING (cid) ${parts.map((i) => `JOIN ${statement}_versions p${i} ON p${i}.vid = d.vid${i}`).join(' ')}`,
    `INSERT INTO ${keys} BY NAME SELECT cid, '${basis}' AS basis, period_end, known_on, vid FROM made`,
  ];
}

function periods(keys: string, basis: string): string {
  return `(SELECT DISTINCT cid, period_end FROM ${keys} WHERE basis = '${basis}')`;
}

/**
 * `statement_days`: the three versions of each row. A balance is of a day: the year's serves the fourth
 * quarter, and the quarter's the twelve months; but a balance that only serves makes no row.
 */
function daysSql(): string {
  const none = 'NULL::BIGINT';
  const flow = (statement: 'income' | 'cash'): string =>
    `SELECT cid, basis, period_end, known_on, ${statement === 'income' ? 'vid' : none} AS income, ${statement === 'cash' ? 'vid' : none} AS cash, ${none} AS balance, ${none} AS other FROM ${statement}_keys`;
  const balance = (basis: string, of: string, column: 'balance' | 'other'): string =>
    `SELECT cid, '${basis}' AS basis, period_end, known_on, ${none} AS income, ${none} AS cash, ${column === 'balance' ? 'vid' : none} AS balance, ${column === 'other' ? 'vid' : none} AS other FROM balance_keys WHERE basis = '${of}'`;
  const last = (column: string): string => `last_value(${column} IGNORE NULLS) OVER earlier AS ${column}`;
  return temporary(
    'statement_days',
    `SELECT cid, basis, period_end, known_on, income, cash, coalesce(balance, other) AS balance FROM (` +
      `SELECT cid, basis, period_end, known_on, ${['income', 'cash', 'balance', 'other'].map(last).join(', ')}, ` +
      "count(income) OVER all_days + count(cash) OVER all_days + CASE basis WHEN 'ttm' THEN 0 ELSE count(balance) OVER all_days END AS own FROM (" +
      'SELECT cid, basis, period_end, known_on, max(income) AS income, max(cash) AS cash, max(balance) AS balance, max(other) AS other FROM (' +
      [
        flow('income'),
        flow('cash'),
        balance('quarterly', 'quarterly', 'balance'),
        balance('quarterly', 'annual', 'other'),
        balance('annual', 'annual', 'balance'),
        balance('annual', 'quarterly', 'other'),
        balance('ttm', 'quarterly', 'balance'),
        balance('ttm', 'annual', 'other'),
      ].join(' UNION ALL ') +
      ') GROUP BY ALL) WINDOW earlier AS (PARTITION BY cid, basis, period_end ORDER BY known_on), all_days AS (PARTITION BY cid, basis, period_end)) WHERE own > 0',
  );
}
