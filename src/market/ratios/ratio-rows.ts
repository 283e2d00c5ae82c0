/**
 * The ratios of rows, as SQL made from the formulas alone: which columns of which earlier row are needed, and
 * in what order ratios of ratios are made, follows from the names in them.
 */
import { type Expression, namesIn, parseExpression, type When } from './expression.js';
import { type ColumnOf, expressionSql } from './expression-sql.js';
import { operands, priceOperands } from './operands.js';
import { divisorRule, type Ratio, ratioType } from './ratio.js';
import { hiddenRatios, ratios } from './ratios.js';

interface Made {
  readonly name: string;
  readonly expression: Expression;
  readonly sql: (column: ColumnOf) => string;
}

const OPERANDS = new Set([...operands.map(({ name }) => name), 'k', 'n']);
const BY_TICKER = new Set(['dps', 'share_change', 'p']);

const all: readonly Ratio[] = [...ratios, ...hiddenRatios];
const byName: ReadonlyMap<string, Made> = new Map(
  [
    ...priceOperands.map((one) => ({ ...one, unit: 'c' as const, rule: '' as const, yearly: false })),
    ...all,
  ].map((ratio) => [ratio.name, madeOf(ratio)] as const),
);
const priceNames = new Set([
  ...priceOperands.map(({ name }) => name),
  ...all.filter((one) => one.of === 'price').map(({ name }) => name),
]);

function madeOf(ratio: Pick<Ratio, 'name' | 'formula' | 'unit' | 'rule' | 'yearly'>): Made {
  const expression = parseExpression(ratio.formula);
  const sql = (column: ColumnOf): string => {
    const value = expressionSql(expression, divisorRule(ratio.rule), column);
    return ratio.yearly
      ? `CASE WHEN basis <> 'quarterly' THEN ${value} END`
      : `(${value})${ratio.unit === 'i' ? '::INTEGER' : ''}`;
  };
  return { name: ratio.name, expression, sql };
}

/** The column of an inner SELECT that holds a name's value of an earlier row, or of the twelve months. */
const PREFIX: Readonly<Record<When | 'ttm', string>> = {
  now: '',
  start: 's.',
  year: 'y.',
  'three years': 't.',
  ttm: 'v.',
};

function columnOf(isPrice: boolean): ColumnOf {
  return (name, when) => {
    const isOfTtm = isPrice && when === 'now' && name !== 'p' && !priceNames.has(name);
    return `"${PREFIX[isOfTtm ? 'ttm' : when]}${name}"`;
  };
}

/** How long before the filing the last close may lie: longer than any halt of a stock that is traded. */
export const PRICE_REACH_DAYS = 40;

/** Everything that a set of ratios takes from rows, and in which order it is made. */
interface Plan {
  readonly levels: readonly (readonly Made[])[];
  /** Columns by whose they are. */
  readonly takes: ReadonlyMap<When | 'ttm', ReadonlySet<string>>;
}

function planOf(names: Iterable<string>): Plan {
  const takes = new Map<When | 'ttm', Set<string>>();
  const take = (from: When | 'ttm', name: string): void => {
    takes.set(from, (takes.get(from) ?? new Set()).add(name));
  };
  const level = new Map<string, number>();
  const visit = (name: string): number => {
    const known = level.get(name);
    if (known !== undefined) return known;
    const made = byName.get(name);
    if (made === undefined) throw new RangeError(`no ratio ${name}`);
    let deepest = 0;
    for (const [when, inner] of namesIn(made.expression)) {
      const isRatio = byName.has(inner);
      if (when !== 'now') take(when, inner);
      else if (priceNames.has(name) && inner !== 'p' && !priceNames.has(inner)) take('ttm', inner);
      else if (isRatio) deepest = Math.max(deepest, visit(inner) + 1);
      else take('now', inner);
    }
    level.set(name, deepest);
    return deepest;
  };
  for (const name of names) visit(name);
  const levels: Made[][] = [];
  for (const [name, depth] of level) {
    levels[depth] = [...(levels[depth] ?? []), byName.get(name) as Made];
  }
  return { levels, takes };
}

function isByTicker(name: string): boolean {
  if (BY_TICKER.has(name)) return true;
  const made = byName.get(name);
  return made !== undefined && namesIn(made.expression).some(([, inner]) => isByTicker(inner));
}

/** Ratios of an earlier row that a later one looks back at. */
function keptOf({ takes }: Plan): readonly string[] {
  return [...takes].flatMap(([when, names]) =>
    when === 'now' ? [] : [...names].filter((name) => byName.has(name)),
  );
}

/**
 * The SELECT that makes `names` of the rows for which `where` holds; its columns: id, ticker, the row's keys,
 * and the ratios. `price`: the join that gives a row its `p`.
 */
function selectSql(names: readonly string[], where: string, price: string): string {
  const plan = planOf(names);
  const { levels, takes } = plan;
  const column = (when: When | 'ttm', name: string): string => {
    const alias = ALIAS[when];
    if (!byName.has(name)) return BY_TICKER.has(name) && when === 'ttm' ? `tv.${name}` : `${alias}."${name}"`;
    return `${isByTicker(name) ? 'kt' : 'k'}_${alias}."${name}"`;
  };
  const taken = [...takes].flatMap(([when, set]) =>
    [...set]
      .filter((name) => when !== 'now' || OPERANDS.has(name))
      .map((name) => `${column(when, name)} AS "${PREFIX[when]}${name}"`),
  );
  const joins = (['start', 'year', 'three years', 'ttm'] as const)
    .filter((when) => takes.has(when))
    .flatMap((when) => {
      const [alias, id] = [ALIAS[when], `l.${LINK[when]}`];
      const kept = [...(takes.get(when) ?? [])].filter((name) => byName.has(name));
      return [
        `LEFT JOIN statement_rows ${alias} ON ${alias}.id = ${id}`,
        ...(kept.some((name) => !isByTicker(name))
          ? [`LEFT JOIN kept_rows k_${alias} ON k_${alias}.id = ${id}`]
          : []),
        ...(kept.some(isByTicker)
          ? [
              `LEFT JOIN kept_ticker_rows kt_${alias} ON kt_${alias}.id = ${id} AND kt_${alias}.ticker IS NOT DISTINCT FROM tr.ticker`,
            ]
          : []),
      ];
    });
  const p =
    price === ''
      ? 'NULL::DOUBLE AS p'
      : `CASE WHEN pr.date >= tr.day - ${PRICE_REACH_DAYS} THEN pr.close END AS p`;
  const from =
    `SELECT r.id, tr.ticker, r.cik, r.basis, r.period_end, r.filing_date, r.known_on, tr.dps, tr.share_change, ${p}` +
    `${taken.map((one) => `, ${one}`).join('')} FROM statement_rows r JOIN ticker_rows tr USING (id) ` +
    `LEFT JOIN row_links l USING (id) ${joins.join(' ')} ${price} WHERE ${where}`;
  const staged = levels.reduce((sql, made) => {
    const columns = made.map(({ name, sql: of }) => `${of(columnOf(priceNames.has(name)))} AS "${name}"`);
    return `SELECT *, ${columns.join(', ')} FROM (${sql})`;
  }, from);
  return `SELECT ${[...KEYS, ...names].map((name) => `"${name}"`).join(', ')} FROM (${staged})`;
}

const ALIAS: Readonly<Record<When | 'ttm', string>> = {
  now: 'r',
  start: 's',
  year: 'y',
  'three years': 't',
  ttm: 'v',
};
const LINK = { start: 'start_id', year: 'year_id', 'three years': 'three_id', ttm: 'ttm_id' } as const;
const KEYS = ['id', 'ticker', 'cik', 'basis', 'period_end', 'filing_date', 'known_on'] as const;

/** Leaves the ratios that are looked back at, of every row: `kept_rows` and `kept_ticker_rows`. */
export function keptRowsSql(): readonly string[] {
  const kept = [...new Set(keptOf(planOf(ratios.map(({ name }) => name))))];
  const byRow = kept.filter((name) => !isByTicker(name));
  const byTicker = kept.filter(isByTicker);
  const once = 'QUALIFY row_number() OVER (PARTITION BY id) = 1';
  return [
    `CREATE OR REPLACE TEMP TABLE kept_rows AS SELECT id, ${byRow.join(', ')} FROM (${selectSql(byRow, 'true', '')}) ${once}`,
    `CREATE OR REPLACE TEMP TABLE kept_ticker_rows AS SELECT id, ticker, ${byTicker.join(', ')} FROM (${selectSql(byTicker, 'true', '')})`,
  ];
}

/** The columns of the table, in order, with their types. */
export const ratioColumns: readonly (readonly [string, string])[] = [
  ['ticker', 'VARCHAR'],
  ['cik', 'VARCHAR'],
  ['basis', 'VARCHAR'],
  ['period_end', 'DATE'],
  ['filing_date', 'DATE'],
  ...ratios.map((ratio) => [ratio.name, ratioType(ratio)] as const),
];

/**
 * Every ratio of the rows for which `where` (over `r`, a row, and `tr`, its ticker) holds. `closes`: a SELECT
 * of ticker, date and close, as traded; undefined: no ratio with a price.
 */
export function ratioRowsSql(where: string, closes?: string): string {
  const price =
    closes === undefined
      ? ''
      : `ASOF LEFT JOIN (${closes}) pr ON pr.ticker = tr.ticker AND tr.day >= pr.date`;
  const select = selectSql(
    ratios.map(({ name }) => name),
    where,
    price,
  );
  return `SELECT ${ratioColumns.map(([name]) => `"${name}"`).join(', ')}, known_on FROM (${select})`;
}
