/** SQL text cut into its statements, at semicolons that stand in no text, name or comment. */

/** Without the semicolons; empty ones and comments alone are none. */
export function splitStatements(sql: string): readonly string[] {
  const statements: string[] = [];
  let start = 0;
  let at = 0;
  while (at < sql.length) {
    const end = endOfQuoted(sql, at);
    if (end > at) {
      at = end;
      continue;
    }
    if (sql[at] === ';') {
      statements.push(sql.slice(start, at));
      start = at + 1;
    }
    at++;
  }
  statements.push(sql.slice(start));
  return statements.map((text) => text.trim()).filter((text) => withoutComments(text).trim() !== '');
}

/** Whether nothing is begun that has no end yet: what a prompt asks before it runs a line. */
export function isComplete(sql: string): boolean {
  let at = 0;
  let last = '';
  while (at < sql.length) {
    const end = endOfQuoted(sql, at);
    if (end > sql.length) return false;
    if (end === at && /\S/.test(sql[at] as string)) last = sql[at] as string;
    at = Math.max(end, at + 1);
  }
  return last === ';';
}

/** Every name in it in lower case: what the statement may be about. */
export function namesIn(sql: string): ReadonlySet<string> {
  return new Set(
    withoutComments(sql)
      .toLowerCase()
      .match(/[a-z_][a-z0-9_]*/g) ?? [],
  );
}

function withoutComments(sql: string): string {
  return sql.replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, ' ');
}

/**
 * Behind the text, name or comment that begins at `at`; `at` itself where none does, beyond the end where it
 * is not closed.
 */
function endOfQuoted(sql: string, at: number): number {
  for (const [open, close] of PAIRS) {
    if (!sql.startsWith(open, at)) continue;
    const end = sql.indexOf(close, at + open.length);
    if (end >= 0) return end + close.length;
    return close === '\n' ? sql.length : sql.length + 1;
  }
  return at;
}

const PAIRS = [
  ["'", "'"],
  ['"', '"'],
  ['--', '\n'],
  ['/*', '*/'],
  ['$$', '$$'],
] as const;
