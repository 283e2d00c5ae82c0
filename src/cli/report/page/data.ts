/** What the page is given: the JSON in its element `data`. */

export interface FolderData {
  readonly kind: 'folder';
  /** By letter, the state. */
  readonly letters: Readonly<Record<string, string>>;
  readonly datasets: readonly {
    readonly name: string;
    /** By month: day and letter, one behind the other. */
    readonly months: Readonly<Record<string, string>>;
    readonly rows: readonly (readonly [day: string, rows: number])[];
  }[];
}

export interface TickerData {
  readonly kind: 'ticker';
  readonly ticker: string;
  readonly bars: readonly (readonly [string, number, number, number, number, number?])[];
  readonly missing: readonly string[];
  readonly events: readonly {
    readonly day: string;
    readonly kind: 'split' | 'dividend';
    readonly what: string;
  }[];
}

export function pageData(): FolderData | TickerData {
  return JSON.parse(document.getElementById('data')?.textContent ?? '{}');
}
