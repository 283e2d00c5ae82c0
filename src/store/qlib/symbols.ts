/**
 * A ticker as Qlib's symbol: the name of a series file in capitals, so that no two are one in a folder's
 * lower case, and none is what pandas takes for a missing value in instruments/all.txt (pandas.read_csv,
 * na_values).
 */
import { encodeTicker } from '#store/series/file-name.js';

/** Of those words, the ones that a name in capitals can be. */
const NULL_WORDS = new Set(['NA', 'NULL']);
/** qlib.utils.code_to_fname: what Windows keeps for devices has another folder. */
const DEVICE = /^(?:CON|PRN|AUX|NUL|COM\d|LPT\d)$/;

/** `prefix`: what each of the dataset's tickers begins with, `I:`. */
export function symbolOf(ticker: string, prefix: string): string {
  const own = prefix !== '' && ticker.startsWith(prefix) ? ticker.slice(prefix.length) : ticker;
  const symbol = encodeTicker(own).toUpperCase();
  return NULL_WORDS.has(symbol)
    ? `%${symbol.charCodeAt(0).toString(16).toUpperCase()}${symbol.slice(1)}`
    : symbol;
}

/** Below features/. */
export function symbolFolder(symbol: string): string {
  return `${DEVICE.test(symbol) ? '_qlib_' : ''}${symbol.toLowerCase()}`;
}
