import { corpus } from './client';
import { FigureView } from './figure-view';
import { useLoading } from './load';
import { usePlace } from './place';
import { Results } from './results';
import { SearchBox } from './search-box';

export function App() {
  const [place, goTo] = usePlace();
  const open = (figureId: string): void => {
    goTo({ ...place, figureId });
  };
  return (
    <>
      <header>
        <a class="name" href="/">
          figseek
        </a>
        <SearchBox
          text={place.text}
          hasImage={place.uploadId !== null}
          onSearch={(text, uploadId) => {
            goTo({ text, uploadId: uploadId === undefined ? place.uploadId : uploadId, figureId: null });
          }}
        />
      </header>
      {place.figureId === null ? (
        <Results
          place={place}
          onOpen={open}
          onTry={(text) => {
            goTo({ ...place, text });
          }}
        />
      ) : (
        <FigureView
          id={place.figureId}
          onOpen={open}
          onClose={() => {
            goTo({ ...place, figureId: null });
          }}
        />
      )}
      <Footer />
    </>
  );
}

/** What is searched, and by which model; permanent, so that nobody takes the starter for the real one. */
function Footer() {
  const state = useLoading('corpus', corpus);
  if (state.state !== 'ready') return <footer />;
  const { stats, models } = state.data;
  const active = models.find((model) => model.active);
  return (
    <footer>
      <span>
        {stats.figures} figures of {stats.articles} articles · model {stats.model}
      </span>
      {active?.name === 'starter' && (
        <span>
          The starter model is for trying the software, not for work. Get BiomedCLIP:{' '}
          <code>figseek models import FOLDER --as biomedclip</code>, then <code>figseek models use biomedclip</code>.
          Sample figures are drawn for demonstration.
        </span>
      )}
      {active?.name !== 'starter' && active?.warning && <span>{active.warning}</span>}
    </footer>
  );
}
