/**
 * How the archive may spell what a broker calls by another name. Each spelling says by which rule it came.
 */

export type SpellingRule = 'exact' | 'class_share' | 'preferred' | 'padded_number';

export interface Spelling {
  readonly rule: SpellingRule;
  /** The ticker's part before its ending, upper case. */
  readonly base: string;
}

/** Hong Kong's numbers have at least four digits; some write five. */
const NUMBER_LENGTHS = [4, 5];

/**
 * In the order in which they are tried. `root` in the broker's own case: in `BACpL` the small letter is what
 * says preferred.
 *
 *   root              exact    class_share  preferred   padded_number (Hong Kong)
 *   AAPL              AAPL
 *   BRK.B, BRK/B               BRK-B
 *   BAC-L             BAC-L                 BAC_L
 *   BAC PR L, BACpL                         BAC_L
 *   700               700                               0700, 00700
 */
export function spellingsOf(root: string, extension: string): readonly Spelling[] {
  const upper = root.toUpperCase();
  const preferred = preferredBase(root);
  const found: Spelling[] = [];
  const add = (rule: SpellingRule, base: string | undefined): void => {
    if (base !== undefined && base !== '' && !found.some((one) => one.base === base))
      found.push({ rule, base });
  };
  if (!/[.\s/]/.test(root) && !SMALL_P.test(root)) add('exact', upper);
  if (/[.\s/]/.test(root) && !PR.test(root)) add('class_share', upper.replace(/[.\s/]+/g, '-'));
  add('preferred', preferred);
  if (/^\d+$/.test(root) && extension === '.HK') {
    const digits = upper.replace(/^0+/, '');
    for (const length of NUMBER_LENGTHS) add('padded_number', digits.padStart(length, '0'));
  }
  return found;
}

const PR = /^(.+?)[\s./-]PR[\s./-]?([A-Z])$/i;
const SMALL_P = /^([A-Z]+)p([A-Z])$/;
const DASH_P = /^(.+)-P([A-Z])$/i;
const DASH = /^(.+)-([A-Z])$/i;

function preferredBase(root: string): string | undefined {
  for (const form of [PR, SMALL_P, DASH_P, DASH]) {
    const [, base, letter] = form.exec(root) ?? [];
    if (base !== undefined) return `${base}_${letter}`.toUpperCase();
  }
  return undefined;
}
