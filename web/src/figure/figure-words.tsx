import { start, type Place } from '../place';
import { doiAddress } from '../shared/doi';
import { PlaceLink } from '../shared/place-link';
import { Strip } from '../shared/thumbnail-strip';
import { text } from '../text';
import { AddToCollection } from '../collections/add-to-collection';
import { Cite } from './cite';
import type { FigureDetailProps } from './figure-detail';
import { nameOf, type ShownPanel } from './panel-outlines';
import type { FigureDetail } from './queries';

interface FigureWordsProps extends FigureDetailProps {
  readonly selectedPanelId: string | null;
  readonly onSelectPanel: (panelId: string | null) => void;
  readonly onEdit: () => void;
}

/** Title, source, caption by panel, kind, labels, license and article of a figure. */
export function FigureWords(props: FigureWordsProps) {
  const { figure, onSearch, onOpen, onEdit } = props;
  const { article } = figure;
  const others = article?.figures.filter(({ id }) => id !== figure.id) ?? [];
  return (
    <div class="words">
      <h1>{article?.title ?? figure.label ?? text.figure.untitled}</h1>
      {article !== null && <ArticleLine figure={figure} article={article} />}
      <Caption {...props} />
      {figure.alt != null && figure.alt !== '' && (
        <p class="quiet">
          <strong>{text.figure.alt}</strong> {figure.alt}
        </p>
      )}
      <KindLine figure={figure} />
      <Labels labels={figure.labels} onSearch={onSearch} />
      {figure.mentions.length > 0 && (
        <details class="mentions">
          <summary>{text.figure.mentions(figure.mentions.length)}</summary>
          {figure.mentions.map((mention) => (
            <p key={mention}>{mention}</p>
          ))}
        </details>
      )}
      <p>
        <button type="button" title={text.edits.title} onClick={onEdit}>
          {text.edits.button}
        </button>
      </p>
      <Cite figure={figure} />
      <Collections figure={figure} />
      {others.length > 0 && (
        <details open={others.length <= 12}>
          <summary>{text.figure.articleFigures(others.length)}</summary>
          <Strip figures={others} onOpen={onOpen} />
        </details>
      )}
    </div>
  );
}

type Article = NonNullable<FigureDetail['article']>;

/** Where an article can be read; null where no address and no id is known. */
function addressOf({ url, doi, pmcid, pmid }: Article): string | null {
  if (url !== null) return url;
  if (doi !== null) return doiAddress(doi);
  if (pmcid !== null) return `https://pmc.ncbi.nlm.nih.gov/articles/${encodeURIComponent(pmcid)}/`;
  return pmid === null ? null : `https://pubmed.ncbi.nlm.nih.gov/${encodeURIComponent(pmid)}/`;
}

function ArticleLine({ figure, article }: { readonly figure: FigureDetail; readonly article: Article }) {
  const address = figure.sourceUrl ?? addressOf(article);
  return (
    <p class="quiet">
      {[authorsInWords(article.authors), article.journal, article.year].filter(Boolean).join(' · ')}{' '}
      {article.retracted && <strong class="retracted">{text.results.retracted}</strong>}{' '}
      {address !== null && (
        <a href={address} rel="noreferrer noopener" target="_blank">
          {text.figure.inArticle(figure.label)}
        </a>
      )}
    </p>
  );
}

const authorsShown = 4;

function authorsInWords(authors: readonly string[]): string {
  const shown = authors.slice(0, authorsShown).join(', ');
  return authors.length > authorsShown ? text.figure.andOthers(shown) : shown;
}

/** The caption, then the part of each panel; one that is selected in the image stands out, and can be selected here. */
function Caption({ figure, selectedPanelId, onSelectPanel, onUse }: FigureWordsProps) {
  const panels = figure.panels.slice(1);
  return (
    <>
      <p>
        {figure.label !== null && <strong>{figure.label} </strong>}
        {figure.caption}
      </p>
      {panels.length > 0 && (
        <ol class="panel-captions">
          {panels.map((panel, index) => (
            <PanelCaption
              key={panel.id}
              panel={panel}
              name={nameOf(panel, index)}
              isSelected={panel.id === selectedPanelId}
              onSelect={() => {
                onSelectPanel(panel.id === selectedPanelId ? null : panel.id);
              }}
              onSearch={() => {
                onUse([{ kind: 'panel', value: panel.id, weight: 1 }]);
              }}
            />
          ))}
        </ol>
      )}
    </>
  );
}

interface PanelCaptionProps {
  readonly panel: ShownPanel;
  readonly name: string;
  readonly isSelected: boolean;
  readonly onSelect: () => void;
  readonly onSearch: () => void;
}

function PanelCaption({ panel, name, isSelected, onSelect, onSearch }: PanelCaptionProps) {
  return (
    <li class={isSelected ? 'selected' : ''}>
      <button type="button" aria-pressed={isSelected} title={text.figure.showPanel} onClick={onSelect}>
        {name}
      </button>{' '}
      {panel.caption ?? <span class="quiet">{text.figure.noPanelCaption}</span>}{' '}
      {isSelected && (
        <button type="button" onClick={onSearch}>
          {text.figure.searchWithPanel}
        </button>
      )}
    </li>
  );
}

type Prediction = NonNullable<ShownPanel['predicted']>;

/** That a figure with panels is compound is no guess. */
function predictionInWords({ method, figureType, ...rest }: Prediction): string {
  if (method === 'PANELS') return figureType;
  const { figureTypeProbability, modality, modalityProbability } = rest;
  const share = Math.round(100 * (modality === null ? figureTypeProbability : (modalityProbability ?? 0)));
  return text.figure.predicted(modality ?? figureType, share);
}

/** What kind of figure it is: by its record, and as it was predicted. */
function KindLine({ figure: { modality, panels } }: { readonly figure: FigureDetail }) {
  const predicted = panels[0]?.predicted ?? null;
  const words = [modality, predicted === null ? null : predictionInWords(predicted)].filter((one) => one !== null);
  return words.length === 0 ? null : <p class="quiet">{words.join(' · ')}</p>;
}

function figuresWith(label: string): Place {
  return { ...start, chosen: { ...start.chosen, label: [label] } };
}

interface LabelsProps {
  readonly labels: readonly string[];
  readonly onSearch: (place: Place) => void;
}

function Labels({ labels, onSearch }: LabelsProps) {
  if (labels.length === 0) return null;
  return (
    <ul class="labels" aria-label={text.figure.labels}>
      {labels.map((label) => (
        <li key={label}>
          <PlaceLink
            class="button chip"
            title={text.figure.labelHint(label)}
            to={figuresWith(label)}
            onGo={() => {
              onSearch(figuresWith(label));
            }}
          >
            {label}
          </PlaceLink>
        </li>
      ))}
    </ul>
  );
}

function Collections({ figure: { id, collections } }: { readonly figure: FigureDetail }) {
  return (
    <p>
      <AddToCollection figureIds={[id]} />{' '}
      {collections.length > 0 && (
        <span class="quiet">{text.figure.inCollections(collections.map(({ name }) => name).join(', '))}</span>
      )}
    </p>
  );
}
