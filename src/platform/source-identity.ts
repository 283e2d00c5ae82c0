/** Which bucket of which server data come from. */
export interface SourceIdentity {
  readonly endpoint: string;
  readonly bucket: string;
}

/** What of: a mirror in a folder of this computer, or a server. */
export type SourceKind = 's3' | 'folder';

export function kindOfSource({ endpoint }: SourceIdentity): SourceKind {
  return endpoint.startsWith('file:') ? 'folder' : 's3';
}
