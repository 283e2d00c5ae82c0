/** Which fields of which statement the operands name. */
import { namesIn, parseExpression } from './expression.js';
import { operands } from './operands.js';

export const STATEMENTS = ['income', 'balance', 'cash'] as const;
export type Statement = (typeof STATEMENTS)[number];

/** By which the operands name a statement's fields. */
export const ALIASES: Readonly<Record<Statement, string>> = { income: 'is', balance: 'bs', cash: 'cf' };

/** In the vendor's names. */
export function fieldsOf(statement: Statement): readonly string[] {
  const prefix = `${ALIASES[statement]}.`;
  const names = operands.flatMap(({ formula }) => namesIn(parseExpression(formula)).map(([, name]) => name));
  return [...new Set(names.filter((name) => name.startsWith(prefix)))].map((name) =>
    name.slice(prefix.length),
  );
}
