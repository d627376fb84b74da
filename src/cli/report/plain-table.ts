import { html, type Markup } from './markup.js';

/** A table whose first column names the rows. */
export function plainTable(
  title: string,
  headings: readonly string[],
  rows: readonly (readonly (string | number | Markup)[])[],
): Markup {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${title}">
    <table>
      <caption>
        ${title}
      </caption>
      <thead>
        <tr>
          ${headings.map((heading) => html`<th scope="col">${heading}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(plainRow)}
      </tbody>
    </table>
  </div>`;
}

function plainRow([name = '', ...cells]: readonly (string | number | Markup)[]): Markup {
  return html`<tr>
    <th scope="row">${name}</th>
    ${cells.map((cell) => html`<td>${cell}</td>`)}
  </tr>`;
}
