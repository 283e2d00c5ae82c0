/**
 * Text from outside (the vendor's files, servers, file names) made harmless for a terminal: control characters, escapes and marks that
 * turn the direction of text are shown as `\xHH` or `\u{HHHH}`.
 */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

export function safeText(text: string): string {
  return text.replace(UNSAFE, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
  });
}
