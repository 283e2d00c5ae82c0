/** Lists of tickers that bring nothing: they name none, or only such as no day has ever held. */

export interface NamedList {
  /** As the user named it; the option, where the tickers stood there. */
  readonly file: string;
  readonly tickers: readonly string[];
  /** Why there are none, where it looks like a list: `is an HTML page`. */
  readonly barren: string | undefined;
}

export interface UnusableList {
  readonly file: string;
  readonly reason: string;
}

export function unusableLists(
  lists: readonly NamedList[],
  neverSeen: readonly string[],
): readonly UnusableList[] {
  const unseen = new Set(neverSeen);
  return lists.flatMap(({ file, tickers, barren }) => {
    if (barren !== undefined) return [{ file, reason: barren }];
    const isUnseen = tickers.length > 0 && tickers.every((ticker) => unseen.has(ticker));
    return isUnseen ? [{ file, reason: 'names only tickers that no day has held' }] : [];
  });
}
