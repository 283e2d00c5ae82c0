/**
 * What a refused certificate means: it stays refused until somebody changes something, so that asking again
 * is of no use.
 */

/** Undefined for the code of any other error. The codes are Node's and OpenSSL's. */
export function certificateTrouble(code: string, host: string): string | undefined {
  if (code === 'CERT_NOT_YET_VALID' || code === 'CERT_HAS_EXPIRED')
    return `the certificate of ${host} is not valid today (${code}): is this computer's clock right?`;
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID' || code === 'HOSTNAME_MISMATCH')
    return `the certificate of ${host} is another host's (${code}): is the name right, or does something in between open the connection?`;
  if (/CERT|ISSUER|LEAF_SIGNATURE/.test(code))
    return (
      `the certificate of ${host} is not trusted (${code}): does something in between open the connection? ` +
      'NODE_EXTRA_CA_CERTS=FILE.pem names its authority'
    );
  return undefined;
}
