/**
 * The environment variables that the source room reads, by name. The cli hands over its environment (or a
 * part of it); an empty value counts as unset, as it does for AWS's own tools.
 */
export interface AwsEnvironment extends Readonly<Record<string, string | undefined>> {
  readonly AWS_ACCESS_KEY_ID?: string | undefined;
  readonly AWS_SECRET_ACCESS_KEY?: string | undefined;
  readonly AWS_SESSION_TOKEN?: string | undefined;
  readonly AWS_PROFILE?: string | undefined;
  readonly AWS_REGION?: string | undefined;
  readonly AWS_DEFAULT_REGION?: string | undefined;
  readonly AWS_ENDPOINT_URL_S3?: string | undefined;
  readonly AWS_ENDPOINT_URL?: string | undefined;
  readonly AWS_SHARED_CREDENTIALS_FILE?: string | undefined;
  readonly AWS_CONFIG_FILE?: string | undefined;
}
