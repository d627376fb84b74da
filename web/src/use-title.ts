import { useEffect } from 'preact/hooks';
import type { Place } from './place';
import { text } from './text';

/** The title of the window and of the browser's history tells where the reader is; a figure sets its own. */
export function useTitle(place: Place): void {
  const title = titleOf(place);
  useEffect(() => {
    if (place.figureId === null) document.title = title;
  }, [title, place.figureId]);
}

function titleOf({ section, text: words, terms }: Place): string {
  if (section !== 'search') return text.titles.section(text.app.sections[section]);
  if (words !== '') return text.titles.search(words);
  return terms.length > 0 ? text.titles.imageSearch : text.titles.browse;
}
