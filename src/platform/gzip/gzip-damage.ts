/** Whether zlib says that its input is no gzip, or breaks off; not that memory gave out. */
export function isGzipDamage(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return typeof code === 'string' && code.startsWith('Z_') && code !== 'Z_MEM_ERROR';
}
