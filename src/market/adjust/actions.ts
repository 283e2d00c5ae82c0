/**
 * What changes a share's price without a trade, as the vendor tells it: splits (stock dividends are splits)
 * and cash dividends. Numbers are decimal text. Spin-offs and rights are in neither list: their drop stays.
 */
import type { IsoDay } from '#market/calendar/iso-day.js';

export interface Split {
  /** The execution date: the first day that trades on the new basis, its pre-market already. */
  readonly day: IsoDay;
  /** Old shares; '' where the vendor has none. */
  readonly from: string;
  /** New shares. */
  readonly to: string;
  /** Rounded to six decimals, over this and every later split. */
  readonly vendorFactor?: string | undefined;
}

export interface Dividend {
  /** The ex-date: the first day that trades without it. */
  readonly day: IsoDay;
  /** A share. */
  readonly cash: string;
  /** ISO 4217; undefined is the price's own. */
  readonly currency: string | undefined;
  /** `cash` on the share basis of the vendor's today: tells which shares `cash` is of. */
  readonly splitAdjustedCash?: string | undefined;
  /** Rounded to six decimals, over this and every later dividend. */
  readonly vendorFactor?: string | undefined;
}

export interface Actions {
  readonly splits: readonly Split[];
  readonly dividends: readonly Dividend[];
}

export const NO_ACTIONS: Actions = { splits: [], dividends: [] };

/** What an event does not do, or does on weak grounds; each is told. */
export type AdjustNote =
  | {
      readonly kind: 'split ignored: no ratio';
      readonly day: IsoDay;
      readonly from: string;
      readonly to: string;
    }
  | { readonly kind: 'dividend ignored: no amount'; readonly day: IsoDay; readonly cash: string }
  | {
      readonly kind: 'dividend ignored: not below the price';
      readonly day: IsoDay;
      readonly cash: string;
      readonly close: string;
    }
  | { readonly kind: 'dividend ignored: other currency'; readonly day: IsoDay; readonly currency: string }
  | { readonly kind: 'dividend ignored: no close before'; readonly day: IsoDay }
  | {
      readonly kind: 'close long before the ex-date';
      readonly day: IsoDay;
      readonly close: IsoDay;
      readonly sessions: number;
    }
  | {
      readonly kind: 'factor differs from the vendor';
      readonly day: IsoDay;
      readonly of: 'split' | 'dividend';
      readonly ours: number;
      readonly vendors: number;
    };
