/**
 * Numbers as the vendor's server writes them: mostly plain, and some that are whole and round with an
 * exponent of two digits (`2.51e+08`).
 */

/** With an exponent, where `value` is a million or more and has at most four digits that count. */
export function withExponent(value: number): string {
  const size = Math.abs(value);
  // Most have more digits: that is seen without writing them.
  if (size < 1e6 || size % 1000 !== 0 || size % 10 ** (Math.floor(Math.log10(size)) - 4) !== 0)
    return String(value);
  const [digits = '', power = '0'] = value.toExponential().split('e');
  if (digits.replace(/[-.]/g, '').length > 4) return String(value);
  return `${digits}e+${power.slice(1).padStart(2, '0')}`;
}

/** Writes an object whose values are JSON already; a field that is undefined is absent. */
export function jsonObject(fields: Readonly<Record<string, string | undefined>>): string {
  let text = '';
  for (const name in fields) {
    const value = fields[name];
    if (value !== undefined) text += `${text === '' ? '' : ','}"${name}":${value}`;
  }
  return `{${text}}`;
}

/** A text without anything to escape. */
export function plain(text: string | undefined): string | undefined {
  return text === undefined ? undefined : `"${text}"`;
}
