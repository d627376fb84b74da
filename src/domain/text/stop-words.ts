// Words of a question that say nothing about a figure; with OR they would only add noise and cost.
const stopWords = new Set('a an and are as at by for from in is it of on or that the this to was were with'.split(' '));

export function isStopWord(text: string): boolean {
  return stopWords.has(text.toLowerCase());
}
