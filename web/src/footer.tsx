import { corpus } from './shared/corpus';
import { useLoading } from './shared/load';
import { text } from './text';

/** What is searched, and by which model; permanent, so that nobody takes the starter for the real one. */
export function Footer() {
  const state = useLoading('corpus', corpus);
  if (state.state !== 'ready') return <footer />;
  const { stats, models } = state.data;
  const active = models.find((model) => model.active);
  return (
    <footer>
      <span>{text.app.corpus(stats.figures, stats.articles, stats.model ?? '')}</span>
      {active?.name === 'starter' && (
        <span>
          {text.app.starter} <code>npx figseek models pull biomedclip</code>
          {text.app.starterThen} <code>npx figseek models use biomedclip</code>
          {text.app.starterSamples}
        </span>
      )}
      {active?.name !== 'starter' && active?.warning && <span>{active.warning}</span>}
    </footer>
  );
}
