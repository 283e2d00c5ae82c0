/**
 * The currency and the unit of an instrument's prices. The archive has prices in the currency of the line and
 * says nowhere which; most London lines are in pence. What a broker says is compared with what the region
 * lets expect.
 */

export type CurrencyPolicy = 'broker' | 'stooq' | 'strict';

export const CURRENCY_POLICIES: readonly CurrencyPolicy[] = ['broker', 'stooq', 'strict'];

export type CurrencyStatus =
  | 'match'
  | 'override'
  | 'mismatch'
  | 'error:lse_currency_override'
  | 'expected_only'
  | 'inferred_only'
  | 'unknown';

/** An amount's currency (ISO 4217) and how much of it a price of 1 is. */
export interface Money {
  readonly currency: string;
  readonly unit: 1 | 0.01;
}

export interface Resolved {
  readonly inferred: string;
  readonly resolved: string;
  readonly status: CurrencyStatus;
  /** '' where no currency is known. */
  readonly unit: '' | '1' | '0.01';
  /**
   * `listed`: the broker named a minor unit or a currency; `usual`: what lines of that region usually have.
   */
  readonly unitFrom: '' | 'listed' | 'usual';
}

/** Written as brokers do; case matters for `GBp` alone. */
const MINOR_UNITS: Readonly<Record<string, string>> = {
  GBX: 'GBP',
  GBp: 'GBP',
  GBPX: 'GBP',
  ILA: 'ILS',
  ILX: 'ILS',
  ZAC: 'ZAR',
  ZAc: 'ZAR',
};

const CURRENCIES: ReadonlySet<string> = new Set(
  'AUD BGN BRL CAD CHF CNY CZK DKK EUR GBP HKD HUF IDR ILS INR ISK JPY KRW MXN MYR NOK NZD PHP PLN RON RUB SEK SGD THB TRY TWD USD ZAR'.split(
    ' ',
  ),
);

const BY_REGION: Readonly<Record<string, string>> = {
  us: 'USD',
  uk: 'GBP',
  pl: 'PLN',
  hk: 'HKD',
  jp: 'JPY',
  hu: 'HUF',
};

/** What a code stands for: `GBX` is hundredths of GBP. Undefined where it is none that is known. */
export function moneyOf(code: string): Money | undefined {
  const text = code.trim();
  const minor = MINOR_UNITS[text] ?? MINOR_UNITS[text === 'GBp' ? text : text.toUpperCase()];
  if (minor !== undefined) return { currency: minor, unit: 0.01 };
  const upper = text.toUpperCase();
  return CURRENCIES.has(upper) ? { currency: upper, unit: 1 } : undefined;
}

/**
 * What the broker says: the column, or where that is empty the last word of the name (`W.A.G payment
 * solutions Plc. GBX`).
 */
export function listedMoney(currency: string, name: string): Money | undefined {
  if (currency.trim() !== '')
    return moneyOf(currency) ?? { currency: currency.trim().toUpperCase(), unit: 1 };
  const last = name.trim().split(/\s+/).at(-1) ?? '';
  return moneyOf(last);
}

export interface CurrencyCase {
  readonly listed: Money | undefined;
  readonly region: string;
  /** Whether it is a line of the London exchange. */
  readonly isLondon: boolean;
  readonly policy: CurrencyPolicy;
}

/**
 *   listed      inferred   line     policy   status                        resolved
 *   =           =                            match                         it
 *   differ                 London   broker   override                      listed
 *   differ                 London   stooq    mismatch                      inferred
 *   differ                 London   strict   error:lse_currency_override   none
 *   differ                 other             mismatch                      inferred
 *   only this                                expected_only                 listed
 *               only this                    inferred_only                 inferred
 *   none        none                         unknown                       none
 */
export function resolveCurrency({ listed, region, isLondon, policy }: CurrencyCase): Resolved {
  const inferred = BY_REGION[region] ?? '';
  const [status, resolved] = statusOf(listed?.currency ?? '', inferred, isLondon ? policy : undefined);
  return { inferred, resolved, status, ...unitOf(resolved, listed, region) };
}

function statusOf(
  listed: string,
  inferred: string,
  londonPolicy: CurrencyPolicy | undefined,
): readonly [CurrencyStatus, string] {
  if (listed === '') return inferred === '' ? ['unknown', ''] : ['inferred_only', inferred];
  if (inferred === '') return ['expected_only', listed];
  if (listed === inferred) return ['match', listed];
  if (londonPolicy === 'broker') return ['override', listed];
  if (londonPolicy === 'strict') return ['error:lse_currency_override', ''];
  return ['mismatch', inferred];
}

function unitOf(
  resolved: string,
  listed: Money | undefined,
  region: string,
): Pick<Resolved, 'unit' | 'unitFrom'> {
  if (resolved === '') return { unit: '', unitFrom: '' };
  const isListed = listed?.currency === resolved;
  if (isListed && listed.unit === 0.01) return { unit: '0.01', unitFrom: 'listed' };
  // Lists write GBP for lines in pence too (CSP1 at 53473), and a few lines are in pounds.
  if (region === 'uk' && resolved === 'GBP') return { unit: '0.01', unitFrom: 'usual' };
  return { unit: '1', unitFrom: isListed ? 'listed' : 'usual' };
}
