/** Which bucket of which server data come from. */
export interface SourceIdentity {
  readonly endpoint: string;
  readonly bucket: string;
}
