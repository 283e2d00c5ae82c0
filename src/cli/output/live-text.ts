/** A line at the bottom of a terminal that is drawn over and over, and other lines that scroll above it. */

export interface LiveText {
  /** What the line says from now on; '' is nothing. */
  show(text: string): void;
  /** Takes the line away, writes `text` with a line end, and puts the line back. */
  above(text: string): void;
  /** Takes the line away for good. */
  end(): void;
}

export interface LiveTextOptions {
  readonly write: (text: string) => void;
  readonly columns: () => number;
  /** Monotonic, ms. */
  readonly clock: () => number;
}

/** At most ten a second. */
const PAUSE_MS = 100;
const CLEAR = '\r\x1b[2K';

export function newLiveText({ write, columns, clock }: LiveTextOptions): LiveText {
  let shown = '';
  let drawnAt = Number.NEGATIVE_INFINITY;
  let text = '';
  const draw = (): void => {
    const cut = text.slice(0, Math.max(0, columns() - 1));
    if (cut === shown) return;
    write(`${CLEAR}${cut}`);
    shown = cut;
    drawnAt = clock();
  };
  return {
    show: (wanted) => {
      text = wanted;
      if (clock() - drawnAt >= PAUSE_MS) draw();
    },
    above: (line) => {
      write(`${shown === '' ? '' : CLEAR}${line}\n`);
      shown = '';
      if (text !== '' && clock() - drawnAt >= PAUSE_MS) draw();
    },
    end: () => {
      if (shown !== '') write(CLEAR);
      shown = '';
      text = '';
    },
  };
}
