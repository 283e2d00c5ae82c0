/**
 * The vendor's plans for individuals, as far as they are known. Statements and ratios of the v1 generation
 * come with the dearest one; that the free one lacks float and short data is a guess.
 */
import type { RestOptions } from './rest-options.js';

const FUNDAMENTALS = ['balance_sheets', 'income_statements', 'cash_flow', 'vendor_ratios'] as const;

export const PLANS = {
  basic: {
    deniedTypes: [...FUNDAMENTALS, 'short_interest', 'short_volume', 'float', 'ipos', 'ipos_vx'],
    rate: { requests: 5 },
  },
  starter: { deniedTypes: FUNDAMENTALS, delayed: true },
  developer: { deniedTypes: FUNDAMENTALS, delayed: true },
  advanced: {},
} as const satisfies Record<string, RestOptions>;

export type PlanName = keyof typeof PLANS;

export function isPlanName(text: string): text is PlanName {
  return Object.hasOwn(PLANS, text);
}
