import { html, Markup } from './markup.js';
import { reportStyle } from './report-style.js';

export interface ReportPage {
  readonly title: string;
  /** What was measured on what, in a sentence or two. */
  readonly lead: string;
  readonly sections: readonly Markup[];
  /** The command that makes the report again. */
  readonly command: string;
  readonly version: string;
}

/** A main answer as a large number, with its interval and a sentence. */
export interface KeyAnswer {
  /** What was asked, as a heading. */
  readonly heading: string;
  readonly number: string;
  readonly interval: string;
  readonly sentence: string;
}

/** One file without scripts and without anything that is fetched. */
export function reportPage({ title, lead, sections, command, version }: ReportPage): string {
  const policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";
  const page = html`<html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta http-equiv="Content-Security-Policy" content="${policy}" />
      <title>${title}</title>
      <style>
        ${new Markup(reportStyle)}
      </style>
    </head>
    <body>
      <main>
        <h1>${title}</h1>
        <p class="lead">${lead}</p>
        ${sections}
      </main>
      <footer>
        Made by figseek ${version}. The same corpus and the same command give the same numbers: <code>${command}</code>.
        docs/evaluation.md explains every measure.
      </footer>
    </body>
  </html>`;
  return `<!doctype html>\n${page.html}\n`;
}

export function keyAnswers(answers: readonly KeyAnswer[]): Markup {
  return html`<ul class="answers">
    ${answers.map(
      ({ heading, number, interval, sentence }) =>
        html`<li>
          <h3>${heading}</h3>
          <span class="number">${number}</span><span class="interval">${interval}</span>${sentence}
        </li>`,
    )}
  </ul>`;
}

/** Terms with their meaning. */
export function definitions(entries: readonly (readonly [string, string])[]): Markup {
  return html`<dl>
    ${entries.map(
      ([term, meaning]) =>
        html`<dt>${term}</dt>
          <dd>${meaning}</dd>`,
    )}
  </dl>`;
}
