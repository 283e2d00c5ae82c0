/**
 * Text from outside (the vendor's files, servers, file names) made harmless for a terminal: control
 * characters, escapes and marks that turn the direction of text are shown as `\xHH` or `\u{HHHH}`.
 */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

export function safeText(text: string): string {
  return text.replace(UNSAFE, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
  });
}

/**
 * JSON on one line (or indented) in which such characters are escaped: it means the same, and is as harmless.
 */
export function safeJson(value: unknown, indent?: number): string {
  const escaped = (character: string): string =>
    character.replace(/[\s\S]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  // Line feeds stand only between the parts: in texts JSON has escaped them.
  return JSON.stringify(value, null, indent).replace(UNSAFE, (character) =>
    character === '\n' ? character : escaped(character),
  );
}
