/** What is heard of a fetch while it runs. */
import type { TypeOutcome } from './outcome.js';

export type FetchEvent =
  /** Windows, or tickers that are asked for one by one; again where the plan changes. */
  | { readonly type: 'planned'; readonly table: string; readonly parts: number }
  /** A page. */
  | { readonly type: 'arrived'; readonly table: string; readonly rows: number }
  | {
      readonly type: 'window';
      readonly table: string;
      readonly window: string;
      readonly rows: number;
      readonly added: number;
      readonly changed: number;
      readonly gone: number;
      readonly ms: number;
    }
  | {
      readonly type: 'problem';
      readonly table: string;
      /** Or a ticker. */
      readonly window: string;
      readonly isWindow: boolean;
      readonly message: string;
    }
  | { readonly type: 'batch'; readonly table: string; readonly done: number; readonly of: number }
  | { readonly type: 'note'; readonly level: 'info' | 'warning'; readonly message: string };

export interface FetchHearing {
  hear(event: FetchEvent): void;
  /** Whenever something has become true that fetch_progress.json tells. */
  progressed(outcome: TypeOutcome): Promise<void>;
}
