import { useEffect, useState } from 'preact/hooks';
import type { AtlasView } from './atlas/atlas-view';
import { messageOf } from './shared/server';

type View = typeof AtlasView;

/** The atlas, whose code is loaded when it is first shown: most readers never do. */
export function LazyAtlas(props: Parameters<View>[0]) {
  const [loaded, setLoaded] = useState<{ readonly view: View } | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    import('./atlas/atlas-view').then(
      ({ AtlasView: view }) => setLoaded({ view }),
      (error: unknown) => setProblem(messageOf(error)),
    );
  }, []);
  if (loaded !== null) return <loaded.view {...props} />;
  return (
    <main id="content" tabIndex={-1}>
      {problem !== null && <p role="alert">{problem}</p>}
    </main>
  );
}
