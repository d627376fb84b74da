/** A piece of a snippet; what the query looked for is marked. */
interface Piece {
  readonly words: string;
  readonly isMarked: boolean;
}

/** @param snippet as the server writes it: text with `<mark>` and numeric entities, and no other markup */
function piecesOf(snippet: string): readonly Piece[] {
  return snippet
    .split(/(<mark>.*?<\/mark>)/s)
    .filter((piece) => piece !== '')
    .map((piece) => ({
      isMarked: piece.startsWith('<mark>'),
      words: piece
        .replace(/<\/?mark>/g, '')
        .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code))),
    }));
}

/** The words that are marked, each once, in lower case. */
export function markedWords(snippet: string): readonly string[] {
  const marked = piecesOf(snippet).filter(({ isMarked }) => isMarked);
  return [...new Set(marked.map(({ words }) => words.toLowerCase()))];
}

/** The part of a caption that fits the query, with the words of the query marked. */
export function Snippet({ snippet }: { readonly snippet: string }) {
  return (
    <>{piecesOf(snippet).map(({ words, isMarked }, index) => (isMarked ? <mark key={index}>{words}</mark> : words))}</>
  );
}
