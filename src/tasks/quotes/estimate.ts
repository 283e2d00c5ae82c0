/**
 * What an import would take, told before it begins: days from the folder, quotes from what is there already or
 * from a few minutes that are asked for, the plan's rate from the answers.
 */
import type { IsoDay } from '#market/calendar/iso-day.js';
import { startOf } from '#market/quotes/day.js';
import { freeBytes } from '#platform/disk/space.js';
import type { Duck } from '#store/lake/duckdb.js';
import { readFacts } from '#store/quotes/facts.js';
import { type ImportPlan, type ImportRequest, planImport } from './plan-import.js';

export interface ImportEstimate {
  readonly asked: number;
  readonly there: number;
  readonly pending: number;
  readonly todo: number;
  /** Null where nothing is known of them. */
  readonly quotes: number | null;
  readonly requests: number | null;
  readonly per_minute: number | null;
  /** At the plan's rate, were the answers instant. */
  readonly minutes: number | null;
  readonly bytes: number | null;
  readonly free: number | null;
}

/** Counts the quotes from one instant to another, both in ms, that excluded; at most some ten thousand. */
export type CountQuotes = (symbol: string, fromMs: number, toMs: number) => Promise<number>;

export interface EstimateTools {
  readonly quotes: string;
  readonly now: Date;
  readonly duck: () => Promise<Duck>;
  /** Undefined where nobody can be asked. */
  readonly count: CountQuotes | undefined;
  readonly perMinute: () => number | undefined;
  readonly batchSize: number;
}

/** Measured on synthetic quotes; reduced or not. */
const BYTES_A_ROW = 7;

export async function estimateImport(request: ImportRequest, tools: EstimateTools): Promise<ImportEstimate> {
  const plan = planImport(request, tools);
  const { todo, asked, kept, pending } = plan;
  const quotes = await quotesOf(plan, tools);
  const requests =
    quotes === null || tools.count === undefined ? null : todo.length + Math.ceil(quotes / tools.batchSize);
  const perMinute = tools.perMinute() ?? null;
  return {
    asked,
    there: kept,
    pending: pending.length * request.symbols.length,
    todo: todo.length,
    quotes,
    requests,
    per_minute: perMinute,
    minutes: requests === null || perMinute === null ? null : requests / perMinute,
    bytes: quotes === null ? null : Math.ceil(quotes * BYTES_A_ROW),
    free: (await freeBytes(tools.quotes)) ?? null,
  };
}

/** So many symbols are looked at; the others are taken to be like them. */
const MOST_ASKED = 5;

async function quotesOf({ todo, there }: ImportPlan, tools: EstimateTools): Promise<number | null> {
  const days = new Map<string, IsoDay[]>();
  for (const { symbol, day } of todo) days.set(symbol, [...(days.get(symbol) ?? []), day]);
  if (days.size === 0) return 0;
  let [known, total, asked] = [0, 0, 0];
  for (const [symbol, wanted] of days) {
    const files = there.filter((file) => file.symbol === symbol).slice(-20);
    const middle = wanted[wanted.length >> 1];
    let aDay: number | undefined;
    if (files.length > 0) {
      const facts = await readFacts(
        await tools.duck(),
        files.map(({ file }) => file),
      );
      const sum = [...facts.values()].reduce((before, { quotes }) => before + quotes, 0);
      aDay = facts.size === 0 ? undefined : sum / facts.size;
    } else if (tools.count !== undefined && middle !== undefined && asked < MOST_ASKED) {
      asked++;
      aDay = await sampled(symbol, middle, tools.count);
    }
    if (aDay === undefined) continue;
    known += wanted.length;
    total += aDay * wanted.length;
  }
  return known === 0 ? null : Math.round((total / known) * todo.length);
}

const MINUTE_MS = 60_000;
/** After midnight in New York: after the open, before noon, after lunch, before the close. */
const SAMPLES = [9 * 60 + 40, 11 * 60 + 15, 13 * 60 + 30, 15 * 60 + 45];
/** Minutes of a session; what trades outside of it is about a tenth. */
const SESSION_MINUTES = 390;
const OUTSIDE = 1.1;

async function sampled(symbol: string, day: IsoDay, count: CountQuotes): Promise<number> {
  let quotes = 0;
  for (const minute of SAMPLES) {
    const from = startOf(day) + minute * MINUTE_MS;
    quotes += await count(symbol, from, from + MINUTE_MS);
  }
  return (quotes / SAMPLES.length) * SESSION_MINUTES * OUTSIDE;
}
