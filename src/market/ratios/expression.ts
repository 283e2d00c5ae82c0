/**
 * The language in which ratios are written down: names, numbers, + - * / ^, `a|0` (missing counts as 0),
 * `a else b` (b where a is missing), comparisons, and the functions below. The text itself is what the
 * documentation shows, so that what is computed and what is said cannot differ.
 */

export type Expression =
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'or zero'; readonly of: Expression }
  | { readonly kind: 'negative'; readonly of: Expression }
  | { readonly kind: 'else'; readonly first: Expression; readonly second: Expression }
  | {
      readonly kind: 'binary';
      readonly operator: Operator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: 'call'; readonly name: FunctionName; readonly args: readonly Expression[] };

export type Operator = '+' | '-' | '*' | '/' | '^' | '>' | '>=';

/** What they give; everything else is null where an argument is. */
export const FUNCTIONS = {
  mean: 'mean(x): x at the end of the period and at its start, added and halved; null where one is missing',
  year_before: 'year_before(x): x of the row one year earlier',
  three_years_before: 'three_years_before(x): x of the row three years earlier',
  either: 'either(x, y): x + y where one may be missing; null where both are',
  clamp: 'clamp(x, low, high): x, kept within these bounds',
  if_positive: 'if_positive(x, a, b): a where x > 0, otherwise b',
  points: 'points(…): how many of these hold; null where one is null',
} as const;
export type FunctionName = keyof typeof FUNCTIONS;

const TOKEN = /\s*(?:(\d+(?:\.\d+)?)|([a-z_][a-z0-9_.]*)|(\|0|>=|[-+*/^(),>]))/y;

/** RangeError for a text that is none, with the place. */
export function parseExpression(text: string): Expression {
  const tokens = tokensOf(text);
  let at = 0;
  const peek = (): string | undefined => tokens[at];
  const take = (wanted?: string): string => {
    const token = tokens[at++];
    if (token === undefined || (wanted !== undefined && token !== wanted))
      throw new RangeError(`${text}: ${wanted ?? 'something'} is lacking at word ${at}`);
    return token;
  };

  function binary(operators: readonly Operator[], next: () => Expression): Expression {
    let left = next();
    for (;;) {
      const operator = operators.find((one) => one === peek());
      if (operator === undefined) return left;
      take();
      left = { kind: 'binary', operator, left, right: next() };
    }
  }

  function whole(): Expression {
    const first = compared();
    if (peek() !== 'else') return first;
    take();
    return { kind: 'else', first, second: whole() };
  }

  const compared = (): Expression => binary(['>', '>='], sum);
  const sum = (): Expression => binary(['+', '-'], product);
  const product = (): Expression => binary(['*', '/'], power);
  const power = (): Expression => binary(['^'], signed);

  function signed(): Expression {
    if (peek() !== '-') return atom();
    take();
    return { kind: 'negative', of: signed() };
  }

  function atom(): Expression {
    const token = take();
    const found = plainAtom(token);
    if (peek() !== '|0') return found;
    take();
    return { kind: 'or zero', of: found };
  }

  function plainAtom(token: string): Expression {
    if (token === '(') {
      const inner = whole();
      take(')');
      return inner;
    }
    if (/^\d/.test(token)) return { kind: 'number', text: token };
    if (!/^[a-z_]/.test(token)) throw new RangeError(`${text}: ${token} stands in the wrong place`);
    if (peek() !== '(') return { kind: 'name', name: token };
    if (!(token in FUNCTIONS)) throw new RangeError(`${text}: there is no function ${token}`);
    take();
    const args = [whole()];
    while (peek() === ',') {
      take();
      args.push(whole());
    }
    take(')');
    return { kind: 'call', name: token as FunctionName, args };
  }

  const found = whole();
  if (at < tokens.length) throw new RangeError(`${text}: ${tokens[at]} stands in the wrong place`);
  return found;
}

function tokensOf(text: string): readonly string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const from = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (match === null) throw new RangeError(`${text}: what stands at character ${from} is not understood`);
    tokens.push(match[1] ?? match[2] ?? match[3] ?? '');
  }
  return tokens;
}

/** Which row's value a name is: this one's, or an earlier one's. */
export type When = 'now' | 'start' | 'year' | 'three years';

/** Every name in it, and of which row. */
export function namesIn(expression: Expression, when: When = 'now'): readonly (readonly [When, string])[] {
  switch (expression.kind) {
    case 'number':
      return [];
    case 'name':
      return [[when, expression.name]];
    case 'or zero':
    case 'negative':
      return namesIn(expression.of, when);
    case 'else':
      return [...namesIn(expression.first, when), ...namesIn(expression.second, when)];
    case 'binary':
      return [...namesIn(expression.left, when), ...namesIn(expression.right, when)];
    case 'call': {
      const inner = expression.args.flatMap((one) => namesIn(one, LOOKS_AT[expression.name] ?? when));
      return expression.name === 'mean'
        ? [...inner, ...expression.args.flatMap((one) => namesIn(one, when))]
        : inner;
    }
  }
}

const LOOKS_AT: Partial<Readonly<Record<FunctionName, When>>> = {
  mean: 'start',
  year_before: 'year',
  three_years_before: 'three years',
};
