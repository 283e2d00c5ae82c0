/**
 * Which earlier rows a row is compared with, as SQL: one exactly a quarter, a year or three years back (give
 * or take the days by which fiscal periods wander), in the version that was known on the row's own day.
 */
import { bucketOf, bucketsSql } from './temporary-tables.js';

const QUARTER = { days: 91, off: 20 };
const YEAR = { days: 365, off: 35 };
const THREE_YEARS = { days: 1096, off: 35 };

/** Leaves `row_links` (id, start_id, year_id, three_id, ttm_id) of `statement_rows`. */
export function rowLinksSql(): readonly string[] {
  return [
    'CREATE OR REPLACE TEMP TABLE periods AS SELECT DISTINCT basis, cid, period_end FROM statement_rows',
    beforeSql('start_quarter', QUARTER, "p.basis = 'quarterly'"),
    beforeSql('a_year', YEAR, 'true'),
    beforeSql('three_years', THREE_YEARS, 'true'),
    'CREATE OR REPLACE TEMP TABLE period_links AS ' +
      "SELECT p.*, CASE p.basis WHEN 'quarterly' THEN q.before ELSE y.before END AS start_end, y.before AS year_end, t.before AS three_end, " +
      "CASE p.basis WHEN 'quarterly' THEN 'ttm' ELSE p.basis END AS price_basis " +
      'FROM periods p LEFT JOIN start_quarter q USING (basis, cid, period_end) ' +
      'LEFT JOIN a_year y USING (basis, cid, period_end) LEFT JOIN three_years t USING (basis, cid, period_end)',
    'CREATE OR REPLACE TEMP TABLE row_links AS ' +
      'WITH linked AS (SELECT r.id, r.known_on, l.* FROM statement_rows r JOIN period_links l USING (basis, cid, period_end)) ' +
      'SELECT r.id, s.id AS start_id, y.id AS year_id, t.id AS three_id, v.id AS ttm_id FROM linked r ' +
      asOfSql('s', 'r.basis', 'r.start_end') +
      asOfSql('y', 'r.basis', 'r.year_end') +
      asOfSql('t', 'r.basis', 'r.three_end') +
      asOfSql('v', 'r.price_basis', 'r.period_end'),
  ];
}

function beforeSql(name: string, { days, off }: typeof YEAR, where: string): string {
  const away = `abs(p.period_end - c.period_end - ${days})`;
  return (
    `CREATE OR REPLACE TEMP TABLE ${name} AS SELECT p.*, c.period_end AS before FROM periods p ` +
    `JOIN ${bucketsSql('periods')} c ON c.basis = p.basis AND c.cid = p.cid AND c.bucket = ${bucketOf(`p.period_end - ${days}`)} ` +
    `WHERE ${where} AND ${away} <= ${off} ` +
    `QUALIFY row_number() OVER (PARTITION BY p.basis, p.cid, p.period_end ORDER BY ${away}, c.period_end DESC) = 1`
  );
}

function asOfSql(alias: string, basis: string, end: string): string {
  return (
    `ASOF LEFT JOIN (SELECT id, basis, cid, period_end, known_on FROM statement_rows) ${alias} ON ${alias}.basis = ${basis} ` +
    `AND ${alias}.cid = r.cid AND ${alias}.period_end = ${end} AND r.known_on >= ${alias}.known_on `
  );
}
