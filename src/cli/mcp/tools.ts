/**
 * What a model may ask: each tool's name, its words, the shape of its input, and the call that answers. All
 * of them read; what they tell is what the command of the same name tells with --json.
 */
import { toStandardJsonSchema } from '@valibot/to-json-schema';
import * as v from 'valibot';
import type { Invocation } from '#cli/invocation.js';
import { askCommand, type Question } from '#cli/run/ask-command.js';
import { coverageOf } from './coverage.js';
import { describeTables, SQL_LIMITS, sqlAnswer } from './sql-tool.js';

/** What a tool is handed: the server's own invocation, and the signal of this call. */
export interface Asked {
  readonly invocation: Invocation;
  readonly signal: AbortSignal;
}

export interface Answer {
  /** A JSON document. */
  readonly document: Readonly<Record<string, unknown>>;
  readonly isError: boolean;
}

export interface McpTool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly input: ReturnType<typeof toStandardJsonSchema<v.GenericSchema>>;
  readonly answer: (input: unknown, asked: Asked) => Promise<Answer>;
}

const text = (words: string) => v.pipe(v.string(), v.maxLength(10_000), v.description(words));
const whole = (least: number, most: number, words: string) =>
  v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(most), v.description(words));
const day = v.pipe(v.string(), v.isoDate(), v.description('YYYY-MM-DD'));
const dataset = text("a dataset's name, such as stocks_daily; list_datasets says which are here");

const TOOLS: readonly McpTool[] = [
  tool({
    name: 'list_datasets',
    title: 'Datasets and coverage',
    description:
      'The datasets that are here: first and last day, days of the sessions, how many are missing. Prices are as traded.',
    fields: {},
    answer: async (_, { invocation }) => done({ datasets: await coverageOf(invocation) }),
  }),
  tool({
    name: 'describe_tables',
    title: 'Tables for SQL',
    description: 'The names of all tables that sql can read; with `tables`, their columns and types as well.',
    fields: {
      tables: v.optional(
        v.pipe(v.array(text('a table')), v.maxLength(20), v.description('whose columns are wanted')),
      ),
    },
    answer: async ({ tables = [] }, { invocation, signal }) =>
      done({ ...(await describeTables(tables, invocation, signal)) }),
  }),
  tool({
    name: 'sql',
    title: 'SQL over the folder',
    description: `One SELECT in DuckDB's SQL over the tables of describe_tables. Read-only. At most ${SQL_LIMITS.rows} rows (max_rows, default ${SQL_LIMITS.defaultRows}), ${SQL_LIMITS.seconds} seconds (timeout_seconds, default ${SQL_LIMITS.defaultSeconds}), ${SQL_LIMITS.cell} characters a cell. Prices of the datasets are as traded, not adjusted for splits.`,
    fields: {
      sql: v.pipe(v.string(), v.maxLength(100_000), v.description('one statement')),
      max_rows: v.optional(whole(1, SQL_LIMITS.rows, 'rows at most')),
      timeout_seconds: v.optional(whole(1, SQL_LIMITS.seconds, 'seconds at most')),
      as_of: v.optional(v.pipe(day, v.description('every table as it was known at the end of that day'))),
    },
    answer: async (input, { invocation, signal }) => {
      const request = {
        sql: input.sql,
        maxRows: input.max_rows,
        timeoutSeconds: input.timeout_seconds,
        asOf: input.as_of,
      };
      return done({ ...(await sqlAnswer(request, invocation, signal)) });
    },
  }),
  tool({
    name: 'ticker_history',
    title: "A ticker's bars",
    description:
      "A ticker's bars of a range, its key figures, the sessions that are missing and the records that were left out. Default: its last 6 months, prices as traded; adjust: splits, or all for dividends too.",
    fields: {
      ticker: text("the ticker as the vendor writes it; case is part of it ('AAPL', 'BRK.B')"),
      dataset: v.optional(dataset),
      start: v.optional(day),
      end: v.optional(day),
      weekly: v.optional(v.pipe(v.boolean(), v.description('a bar a week'))),
      adjust: v.optional(v.pipe(v.picklist(['splits', 'all']), v.description('default: as traded'))),
    },
    answer: ({ ticker, dataset: named, ...flags }, asked) =>
      command({ command: 'show', args: [ticker], flags: { ...flags, dataset: named } }, asked),
  }),
  tool({
    name: 'gaps',
    title: 'What is missing, and why',
    description: 'Sessions without data, each with its reason, by dataset and range.',
    fields: { dataset: v.optional(dataset), start: v.optional(day), end: v.optional(day) },
    answer: (flags, asked) => command({ command: 'gaps', flags }, asked),
  }),
  tool({
    name: 'status',
    title: 'The state of the folder',
    description: 'Coverage by month, sizes, tracked tickers, what runs now, and how the last run ended.',
    fields: { dataset: v.optional(dataset) },
    answer: (flags, asked) => command({ command: 'status', flags }, asked),
  }),
  tool({
    name: 'search_tickers',
    title: 'Tickers of a day',
    description:
      "Tickers of the market that fit a pattern ('BRK*', 'A?'; case counts), on the newest day here or on another.",
    fields: {
      like: text("'BRK*'; * is anything, ? one character"),
      dataset: v.optional(dataset),
      on: v.optional(day),
    },
    answer: (flags, asked) => command({ command: 'tickers', flags }, asked),
  }),
];

export { TOOLS as MCP_TOOLS };

function tool<const Fields extends v.ObjectEntries>(definition: {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly fields: Fields;
  readonly answer: (
    input: v.InferOutput<v.StrictObjectSchema<Fields, undefined>>,
    asked: Asked,
  ) => Promise<Answer>;
}): McpTool {
  const { fields, answer, ...words } = definition;
  const schema = v.strictObject(fields);
  return {
    ...words,
    input: toStandardJsonSchema(schema as unknown as v.GenericSchema),
    answer: (input, asked) => answer(v.parse(schema, input), asked),
  };
}

function done(document: Readonly<Record<string, unknown>>): Answer {
  return { document, isError: false };
}

/** A command that found holes has answered; one that says what is wrong with the question has not. */
async function command(question: Question, { invocation, signal }: Asked): Promise<Answer> {
  const flags = Object.fromEntries(
    Object.entries(question.flags ?? {}).filter(([, value]) => value !== undefined),
  );
  const { document, notes } = await askCommand({ ...question, flags }, invocation, signal);
  if ('error' in document) return { document: { error: document['error'] }, isError: true };
  return { document: notes.length === 0 ? document : { ...document, notes }, isError: false };
}
