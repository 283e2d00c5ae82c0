/** What an import tells while it goes: the live line, the plain lines, the log and the run file are of these. */
import type { IsoDay } from '#market/calendar/iso-day.js';

export interface QuoteDayTask {
  readonly symbol: string;
  readonly day: IsoDay;
}

export type QuoteDayState = 'failed' | 'missing' | 'denied';

export type QuoteEvent =
  | {
      readonly type: 'planned';
      /** Days of symbols: asked for, there already, not over yet, to do. */
      readonly asked: number;
      readonly there: number;
      readonly pending: number;
      readonly todo: number;
    }
  /** Quotes that have come, of a day that is not whole yet. */
  | ({ readonly type: 'arrived'; readonly quotes: number } & QuoteDayTask)
  | ({
      readonly type: 'imported';
      readonly quotes: number;
      readonly rows: number;
      readonly bytes: number;
      readonly portions: number;
      readonly seconds: number;
      readonly done: number;
      readonly todo: number;
    } & QuoteDayTask)
  | ({ readonly type: 'problem'; readonly state: QuoteDayState; readonly reason: string } & QuoteDayTask);
