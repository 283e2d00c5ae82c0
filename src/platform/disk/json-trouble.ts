/**
 * What is wrong with a text that is no JSON: in the words of JSON.parse, but without the piece of the text
 * that it quotes, since a file of settings may hold keys where a comma is missing.
 */
export function jsonTrouble(error: unknown, text: string): string {
  const message = error instanceof Error ? error.message : '';
  const [what = ''] = message.split(/, (?:\.\.\.)?"| (?:in|after) JSON at position /s);
  const at = / at position (\d+)/.exec(message)?.[1];
  const where = at === undefined ? '' : `, line ${text.slice(0, Number(at)).split('\n').length}`;
  return `${what.replace(/ JSON input$/, ' the text')}${where}`;
}
