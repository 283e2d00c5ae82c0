/**
 * Invents tickers with the habits of the real ones: roots of one to five letters in about the real
 * proportions, and the suffixes of preferred shares, warrants, units, rights and classes, lower-case letters
 * included. Never the same ticker twice.
 */

const LETTERS = 'AAAABBBCCCCCDDDEEEEFFFGGGHHHIIIIJKLLLLMMMMNNNNOOOPPPPQRRRRSSSSSTTTTTUUVVWXXYZ';
const PREFERRED_SERIES = 'AAAABBBBCCCDDDEEFFGHIJKLMNOPQRSTU';

/** Length of a root by a number in 0..255. */
function rootLength(byte: number): number {
  if (byte < 9) return 2;
  if (byte < 77) return 3;
  return byte < 232 ? 4 : 5;
}

/** Draws tickers that are not in `taken`, and adds them to it. `next` yields unsigned 32-bit integers. */
export function inventNames(next: () => number, taken: Set<string>): () => string {
  const roots: string[] = ['ABR', 'BAC', 'CFG', 'JPM', 'MET', 'PSA', 'WFC'];

  function root(length: number): string {
    let text = '';
    while (text.length < length) text += LETTERS.charAt(next() % LETTERS.length);
    return text;
  }

  function knownRoot(maxLength: number): string {
    for (let attempt = 0; attempt < 8; attempt++) {
      const known = roots[next() % roots.length] ?? 'ABR';
      if (known.length <= maxLength) return known;
    }
    return root(maxLength);
  }

  function candidate(): string {
    const kind = next() % 1000;
    if (kind < 60) return `${knownRoot(3)}p${PREFERRED_SERIES.charAt(next() % PREFERRED_SERIES.length)}`;
    if (kind < 62) return `${knownRoot(4)}p`;
    if (kind < 75) return `${knownRoot(4)}.WS`;
    if (kind < 86) return `${knownRoot(4)}.U`;
    if (kind < 92) return `${knownRoot(3)}.${kind % 2 === 0 ? 'A' : 'B'}`;
    if (kind < 95) return `${knownRoot(4)}r`;
    if (kind < 97) return `${knownRoot(4)}rw`;
    if (kind < 98) return `${knownRoot(3)}.WS.A`;
    if (kind < 140) return knownRoot(4).padEnd(4, 'X') + 'WURP'.charAt(kind % 4);
    const fresh = root(rootLength(next() & 255));
    return fresh;
  }

  return () => {
    for (;;) {
      const name = candidate();
      if (taken.has(name)) continue;
      taken.add(name);
      if (name.length <= 4 && !/[^A-Z]/.test(name)) roots.push(name);
      return name;
    }
  };
}
