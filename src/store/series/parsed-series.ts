/** What reading a series file comes to. */
import type { Row } from './row.js';

export type ParsedSeries =
  | {
      readonly ok: true;
      /** Ascending, each day once: of lines for the same day, the last. */
      readonly rows: readonly Row[];
      /** Whether the bytes are exactly what `renderSeries(rows)` gives. */
      readonly canonical: boolean;
      /** What a rewrite in canonical form would drop: columns' names, 'comments', 'time of day', 'repeated days'. */
      readonly lost: readonly string[];
    }
  | {
      readonly ok: false;
      /** What is wrong and where (line, column, byte), from 1. */
      readonly reason: string;
    };
