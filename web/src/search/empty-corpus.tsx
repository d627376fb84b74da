import { corpus } from '../shared/corpus';
import { currentEntry } from '../shared/history-entry';
import { useLoading } from '../shared/load';
import { text } from '../text';

/** How figures come in, where there are none at all; else nothing. */
export function EmptyCorpus() {
  const state = useLoading(`corpus ${currentEntry()}`, corpus);
  if (state.state !== 'ready' || state.data.stats.figures > 0) return null;
  return (
    <p>
      {text.results.emptyCorpus} <code>npx figseek ingest FOLDER</code>
      {text.results.emptySamples} <code>npx figseek samples add</code>
    </p>
  );
}
