/**
 * Whether two queries give the same rows, whatever their order. Doubles may differ in their last digits:
 * another machine's logarithm is no damage.
 */
import { type Duck, identifier } from '#store/lake/duckdb.js';

const CLOSE = 1e-9;

/** What is amiss with the first, which is held, beside the second, which its days give; undefined: nothing. */
export async function tableDifference(held: string, made: string, duck: Duck): Promise<string | undefined> {
  const columns = await columnsOf(made, duck);
  const names = [...columns.keys()];
  const others = [...(await columnsOf(held, duck)).keys()];
  if (names.join() !== others.join()) return 'it has other columns than its days give';
  const list = names.map(identifier).join(', ');
  const markOf = async (query: string): Promise<Readonly<Record<string, unknown>>> =>
    (
      await duck.rows(
        `SELECT count(*)::INTEGER AS n, coalesce(sum(hash(row(${list}))::HUGEINT), 0)::VARCHAR AS mark FROM (${query})`,
      )
    )[0] ?? {};
  const [mine, its] = [await markOf(held), await markOf(made)];
  if (mine['n'] !== its['n']) return `it has ${mine['n']} rows, and its days give ${its['n']}`;
  if (mine['mark'] === its['mark']) return undefined;
  const side = (query: string, prefix: string): string =>
    `(SELECT ${names.map((_, i) => `#${i + 1} AS ${prefix}${i}`).join(', ')} FROM (SELECT ${list} FROM (${query}) ORDER BY ALL))`;
  const isOther = names.map((name, i) => {
    const [a, b] = [`a${i}`, `b${i}`];
    const near =
      columns.get(name) === 'DOUBLE'
        ? ` AND NOT coalesce(abs(${a} - ${b}) <= ${CLOSE} * greatest(abs(${a}), abs(${b})), false)`
        : '';
    return `(${a} IS DISTINCT FROM ${b}${near})`;
  });
  const [first] = await duck.rows(
    `SELECT a0::VARCHAR || ' of ' || a1::VARCHAR AS place, CASE ${isOther.map((other, i) => `WHEN ${other} THEN ${i}`).join(' ')} END AS col ` +
      `FROM ${side(held, 'a')} POSITIONAL JOIN ${side(made, 'b')} WHERE ${isOther.join(' OR ')} LIMIT 1`,
  );
  return first === undefined
    ? undefined
    : `${first['place']} has another ${names[Number(first['col'])]} than its days give`;
}

/** By name the type. */
async function columnsOf(query: string, duck: Duck): Promise<ReadonlyMap<string, string>> {
  const rows = await duck.rows(`SELECT column_name, column_type FROM (DESCRIBE ${query})`);
  return new Map(rows.map((row) => [String(row['column_name']), String(row['column_type'])]));
}
