/** The last file of a backup: the SHA-256 of each other one, as `sha256sum -c` reads them. */
export const CHECKSUMS = 'barloom-backup.sha256';

export function checksumLine(name: string, sha256: string): string {
  const isPlain = !/[\\\n\r]/.test(name);
  const shown = name.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
  return `${isPlain ? '' : '\\'}${sha256}  ${shown}\n`;
}
