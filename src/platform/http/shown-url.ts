/**
 * A URL for people, well-formed or not: what stands before an `@`, and what follows a `?` or `#`, is left
 * out, since names, passwords, signatures and tokens stand there.
 */
export function shownUrl(text: string): string {
  return text.replaceAll(/(^|\s)([a-z][\w+.-]*:\/\/)?\S*@/gi, '$1$2…@').replaceAll(/[?#]\S*/g, '?…');
}
