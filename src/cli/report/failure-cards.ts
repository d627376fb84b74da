import type { ShownFailure, ShownFigure } from '../../app/shown-figure.js';
import { depth } from '../../evaluation/known-items/way-measures.js';
import { html, type Markup } from './markup.js';

const longestCaption = 140;

type Picture = NonNullable<ShownFailure['askedPicture']>;

/** Failures as pictures: what was asked, the figure that is right, and what came first. */
export function failureSection(failures: readonly ShownFailure[]): Markup {
  const cards =
    failures.length === 0
      ? html`<p>There are none: the right figure came first for every question.</p>`
      : html`<p>
            The questions whose right figure came last. Often the hit that came first is as good an answer: several
            figures may fit a question that was made from one of them.
          </p>
          <div class="failures">${failures.map(card)}</div>`;
  return html`<h2>The worst failures</h2>
    ${cards}`;
}

function card({ kind, asked, askedPicture, rank, wanted, expected, first }: ShownFailure): Markup {
  const place = rank === null ? `not among the first ${depth}` : `in place ${rank}`;
  const right = wanted > 1 ? `The first of ${wanted} right figures` : 'The right figure';
  const question =
    askedPicture === null
      ? html`<p class="kind">${kind}</p>
          <p class="asked">“${shortened(asked)}”</p>`
      : html`<p class="kind">Changed image</p>
          <p class="asked">${kind}</p>`;
  return html`<article class="failure">
    ${question}
    <p class="place">${right}: ${place}</p>
    <div class="pictures">
      ${askedPicture === null ? [] : [picture('asked with', askedPicture, `the image that was asked with: ${asked}`)]}
      ${[figure(wanted > 1 ? 'a right figure' : 'right figure', expected), figure('came first', first)]}
    </div>
  </article>`;
}

function figure(heading: string, shown: ShownFigure | null): Markup {
  if (shown === null) {
    return html`<div>
      <h4>${heading}</h4>
      <span class="none">no figure</span>
    </div>`;
  }
  const text = shown.caption === '' ? `(no caption) ${shown.key}` : shortened(shown.caption);
  const image =
    shown.picture === null
      ? html`<span class="none">the image cannot be read</span>`
      : imageOf(shown.picture, `figure ${shown.key}: ${text}`);
  return html`<div>
    <h4>${heading}</h4>
    ${image}
    <p>${text}</p>
  </div>`;
}

function picture(heading: string, image: Picture, alt: string): Markup {
  return html`<div>
    <h4>${heading}</h4>
    ${imageOf(image, alt)}
  </div>`;
}

function imageOf({ bytes, contentType }: Picture, alt: string): Markup {
  return html`<img src="data:${contentType};base64,${Buffer.from(bytes).toString('base64')}" alt="${alt}" />`;
}

function shortened(text: string): string {
  const letters = [...text];
  return letters.length <= longestCaption ? text : `${letters.slice(0, longestCaption - 1).join('')}…`;
}
