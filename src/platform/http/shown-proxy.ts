/** A proxy's URL as people may see it. */
export function shownProxy(proxy: URL): string {
  const user = proxy.username === '' && proxy.password === '' ? '' : '***@';
  return `${proxy.protocol}//${user}${proxy.host}`;
}
