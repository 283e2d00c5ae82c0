/** The operands of every row, each a column under its own name, as SQL made from their formulas. */

import { namesIn, parseExpression } from './expression.js';
import { expressionSql } from './expression-sql.js';
import { type Operand, operands } from './operands.js';
import { ALIASES, fieldsOf, STATEMENTS } from './statement-fields.js';
import { temporary } from './temporary-tables.js';

/**
 * Leaves `statement_rows`. Rows are numbered in the order of the days on which they were known: then what a
 * year's rows look back at lies together.
 */
export function operandRowsSql(): string {
  const heads = (column: string): string => STATEMENTS.map((one) => `"${ALIASES[one]}".${column}`).join(', ');
  const fields = STATEMENTS.flatMap((one) =>
    fieldsOf(one).map((name) => `"${ALIASES[one]}".${name} AS "${ALIASES[one]}.${name}"`),
  );
  const from =
    `SELECT d.id, d.cid, c.cik, d.basis, d.period_end, d.known_on, greatest(${heads('filing_date')}) AS filing_date, ` +
    `coalesce(${heads('tickers')}) AS tickers, ` +
    "CASE d.basis WHEN 'quarterly' THEN 4e0 ELSE 1e0 END AS k, CASE d.basis WHEN 'quarterly' THEN 91.25e0 ELSE 365e0 END AS n, " +
    `${fields.join(', ')} FROM (SELECT *, row_number() OVER (ORDER BY known_on, cid, basis, period_end) AS id FROM statement_days) d ` +
    `JOIN companies c USING (cid) ` +
    STATEMENTS.map(
      (one) => `LEFT JOIN ${one}_versions "${ALIASES[one]}" ON "${ALIASES[one]}".vid = d.${one}`,
    ).join(' ');
  const made = levels().reduce(
    (sql, level) => `SELECT *, ${level.map(columnSql).join(', ')} FROM (${sql})`,
    from,
  );
  const shown = ['id', 'cid', 'cik', 'basis', 'period_end', 'known_on', 'filing_date', 'tickers', 'k', 'n'];
  const names = operands.map(({ name }) => `"${name}"`);
  return temporary('statement_rows', `SELECT ${[...shown, ...names].join(', ')} FROM (${made}) ORDER BY id`);
}

function columnSql({ name, formula }: Operand): string {
  return `${expressionSql(parseExpression(formula), 'not zero', (column) => `"${column}"`)} AS "${name}"`;
}

/** Those that name fields alone, then those that name these, and so on. */
function levels(): readonly (readonly Operand[])[] {
  const level = new Map<string, number>();
  const all: Operand[][] = [];
  for (const operand of operands) {
    const named = namesIn(parseExpression(operand.formula)).map(([, name]) => level.get(name) ?? -1);
    const own = Math.max(-1, ...named) + 1;
    level.set(operand.name, own);
    all[own] = [...(all[own] ?? []), operand];
  }
  return all;
}
