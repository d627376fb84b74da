import type { ShownFailure, ShownFigure } from '../../app/failure-pictures.js';
import { depth } from '../../evaluation/known-items/way-measures.js';
import { html, type Markup } from './markup.js';

const longestCaption = 140;

type Picture = NonNullable<ShownFailure['asked']>;

/** Failures as pictures: what was asked, the figure that is right, and what came first. */
export function failureCards(failures: readonly ShownFailure[], titleOf: (name: string) => string): Markup {
  return html`<div class="failures">${failures.map((failure) => card(failure, titleOf))}</div>`;
}

function card({ outcome, asked, expected, first }: ShownFailure, titleOf: (name: string) => string): Markup {
  const rank = outcome.ranks.FUSED ?? null;
  const place = rank === null ? `not among the first ${depth}` : `in place ${rank}`;
  const right = outcome.wanted > 1 ? `The first of ${outcome.wanted} right figures` : 'The right figure';
  const question =
    asked === null
      ? html`<p class="kind">${titleOf(outcome.class)}</p>
          <p class="asked">“${shortened(outcome.asked)}”</p>`
      : html`<p class="kind">Changed image</p>
          <p class="asked">${titleOf(outcome.class)}</p>`;
  return html`<article class="failure">
    ${question}
    <p class="place">${right}: ${place}</p>
    <div class="pictures">
      ${asked === null ? [] : [picture('asked with', asked, `the image that was asked with: ${outcome.asked}`)]}
      ${[figure(outcome.wanted > 1 ? 'a right figure' : 'right figure', expected), figure('came first', first)]}
    </div>
  </article>`;
}

function figure(heading: string, shown: ShownFigure | null): Markup {
  if (shown === null)
    return html`<div>
      <h4>${heading}</h4>
      <span class="none">no figure</span>
    </div>`;
  const text = shown.caption === '' ? `(no caption) ${shown.sourceKey}` : shortened(shown.caption);
  const image =
    shown.picture === null
      ? html`<span class="none">the image cannot be read</span>`
      : imageOf(shown.picture, `figure ${shown.sourceKey}: ${text}`);
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
