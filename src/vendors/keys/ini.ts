/**
 * The INI dialect of `~/.aws/config` and `~/.aws/credentials`, read leniently: a byte order mark, CRLF,
 * spaces round everything, `#` and `;` comments. A key with an empty value opens a nested block (`s3 =`),
 * whose indented lines are skipped. Source:
 * https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html and what the AWS SDK's reader
 * accepts.
 */

/** Section name (as between the brackets, inner spaces single, quotes dropped) to its keys in lower case. */
export type IniSections = ReadonlyMap<string, ReadonlyMap<string, string>>;

/**
 * Never throws: a line that is neither section, key nor comment is skipped. A section that comes twice is
 * merged.
 */
export function parseIni(text: string): IniSections {
  const sections = new Map<string, Map<string, string>>();
  let section: Map<string, string> | undefined;
  let inBlock = false;
  for (const raw of text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)) {
    const line = withoutComment(raw);
    if (line === '') continue;
    const indented = /^\s/.test(raw);
    if (indented && inBlock) continue;
    inBlock = false;
    const header = /^\[([^\]]*)\]$/.exec(line)?.[1];
    if (header !== undefined) {
      const name = header.replaceAll(/["']/g, ' ').trim().replaceAll(/\s+/g, ' ');
      section = sections.get(name) ?? new Map<string, string>();
      sections.set(name, section);
      continue;
    }
    const equals = line.indexOf('=');
    if (equals < 1 || section === undefined) continue;
    const value = line.slice(equals + 1).trim();
    inBlock = value === '';
    section.set(line.slice(0, equals).trim().toLowerCase(), value);
  }
  return sections;
}

function withoutComment(raw: string): string {
  return raw.replace(/(^|\s)[#;].*$/, '').trim();
}
