import { CitationText, type CitationFormat, type CitationQuery } from '../generated/operations';
import { CopyButton } from '../shared/copy-button';
import { imageAddress } from '../shared/figure-text';
import { Menu } from '../shared/menu';
import { save, saveAddress } from '../shared/save';
import { ask } from '../shared/server';
import { useWork } from '../shared/use-work';
import { text } from '../text';
import type { FigureDetail } from './queries';

/** License and attribution, ready to copy, and the image to take along with them. */
export function Cite({ figure }: { readonly figure: FigureDetail }) {
  const { attribution, license, licenseText, credit } = figure;
  const name = fileNameOf(figure);
  return (
    <section class="cite">
      <p>
        <strong>{license ?? text.cite.unknownLicense}</strong>
        {credit != null && credit !== '' && <> · {credit}</>}
      </p>
      {licenseText !== null && licenseText !== license && <p class="quiet license-text">{licenseText}</p>}
      <p class="quiet">{attribution}</p>
      <p>
        <CopyButton words={attribution}>{text.cite.copyAttribution}</CopyButton>{' '}
        <button
          type="button"
          title={text.cite.downloadHint}
          onClick={() => {
            download(figure, name);
          }}
        >
          {text.cite.download}
        </button>{' '}
        {figure.article !== null && <CiteMenu articleId={figure.article.id} name={name} />}
      </p>
    </section>
  );
}

/** The image as it is stored, and its attribution in a file of the same name. */
function download({ id, attribution, sourceUrl, license }: FigureDetail, name: string): void {
  saveAddress(imageAddress(id), name);
  const lines = [attribution, license ?? text.cite.unknownLicense, sourceUrl].filter((line) => line !== null);
  save(`${lines.join('\n')}\n`, 'text/plain', `${name}-attribution.txt`);
}

/** Letters, digits and hyphens of the label and the article. */
function fileNameOf({ label, article, id }: FigureDetail): string {
  const words = [article?.pmcid ?? article?.doi ?? article?.title.slice(0, 40), label ?? id].filter(Boolean).join('-');
  return words.replace(/[^\p{L}\p{N}]+/gu, '-');
}

const extensions: Readonly<Record<CitationFormat, string>> = { BIBTEX: 'bib', RIS: 'ris', CSL_JSON: 'json' };

/** The article of a figure as a file for a reference manager. */
function CiteMenu({ articleId, name }: { readonly articleId: string; readonly name: string }) {
  const { run, problem } = useWork();
  const formats = Object.entries(text.cite.formats) as [CitationFormat, string][];
  return (
    <Menu label={text.cite.cite}>
      <ul class="menu-list">
        {formats.map(([format, words]) => (
          <li key={format}>
            <button
              type="button"
              onClick={() => {
                run(ask<CitationQuery>(CitationText, { id: articleId, format }), ({ article }) => {
                  save(article?.citation ?? '', 'text/plain', `${name}.${extensions[format]}`);
                });
              }}
            >
              {words}
            </button>
          </li>
        ))}
      </ul>
      {problem !== null && <p role="alert">{problem}</p>}
    </Menu>
  );
}
