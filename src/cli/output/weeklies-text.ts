/**
 * What is said of underlyings of options (`O:SPX`) whose weeklies have a root (`O:SPXW`) that is not tracked;
 * a sentence each.
 */
export function weekliesTexts(
  weeklies: Readonly<Record<string, string>>,
  dataset: string,
): readonly string[] {
  return Object.entries(weeklies).map(([root, weekly]) => {
    const [of, its] = [root, weekly].map((ticker) => ticker.replace(/^O:/, ''));
    return `${of}: its weeklies and dailies have the root ${its}, which is not tracked: barloom add -t ${dataset} ${its}`;
  });
}
