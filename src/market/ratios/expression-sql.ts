/**
 * An expression as SQL over doubles. Null goes through everything; a division is null where the divisor is
 * not as the rule wants it, so that no row ever holds an infinity.
 */
import type { Expression, When } from './expression.js';

/** A divisor of 0, or one that is 0 or below, makes null. */
export type DivisorRule = 'not zero' | 'positive';

/** The column that holds a name's value. */
export type ColumnOf = (name: string, when: When) => string;

export function expressionSql(
  expression: Expression,
  rule: DivisorRule,
  column: ColumnOf,
  when: When = 'now',
): string {
  const sql = (one: Expression, at: When = when): string => expressionSql(one, rule, column, at);
  switch (expression.kind) {
    case 'number':
      return `${expression.text}e0`;
    case 'name':
      return column(expression.name, when);
    case 'or zero':
      return `coalesce(${sql(expression.of)}, 0e0)`;
    case 'negative':
      return `(-${sql(expression.of)})`;
    case 'else':
      return `coalesce(${sql(expression.first)}, ${sql(expression.second)})`;
    case 'binary': {
      const [left, right] = [sql(expression.left), sql(expression.right)];
      if (expression.operator === '/' && expression.right.kind !== 'number')
        return `CASE WHEN ${right} ${rule === 'positive' ? '>' : '<>'} 0 THEN ${left} / ${right} END`;
      if (expression.operator === '^') return `CASE WHEN ${left} >= 0 THEN pow(${left}, ${right}) END`;
      return `(${left} ${expression.operator} ${right})`;
    }
    case 'call':
      return callSql(expression, sql);
  }
}

function callSql(
  { name, args }: Extract<Expression, { kind: 'call' }>,
  sql: (one: Expression, at?: When) => string,
): string {
  const [a, b, c] = args as [Expression, Expression, Expression];
  switch (name) {
    case 'mean':
      return `((${sql(a)} + ${sql(a, 'start')}) / 2)`;
    case 'year_before':
      return sql(a, 'year');
    case 'three_years_before':
      return sql(a, 'three years');
    case 'either':
      return `CASE WHEN ${sql(a)} IS NULL AND ${sql(b)} IS NULL THEN NULL ELSE coalesce(${sql(a)}, 0) + coalesce(${sql(b)}, 0) END`;
    case 'clamp':
      // `greatest` and `least` pass over nulls.
      return `CASE WHEN ${sql(a)} IS NOT NULL THEN least(greatest(${sql(a)}, ${sql(b)}), ${sql(c)}) END`;
    case 'if_positive':
      return `CASE WHEN ${sql(a)} > 0 THEN ${sql(b)} ELSE ${sql(c)} END`;
    case 'points':
      return `(${args.map((one) => `CAST(${sql(one)} AS INTEGER)`).join(' + ')})`;
  }
}
