import { html, type Markup } from './markup.js';

/** A table whose first column names the rows. */
export function plainTable(
  title: string,
  headings: readonly string[],
  rows: readonly (readonly (string | number | Markup)[])[],
): Markup {
  const head = headings.map((heading) => html`<th scope="col">${heading}</th>`);
  return scrollingTable(title, head, [
    html`<tbody>
      ${rows.map(plainRow)}
    </tbody>`,
  ]);
}

/** A table with a caption that scrolls where it is too wide. @param head cells of the first row @param bodies groups of rows */
export function scrollingTable(title: string, head: readonly Markup[], bodies: readonly Markup[]): Markup {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${title}">
    <table>
      <caption>
        ${title}
      </caption>
      <thead>
        <tr>
          ${head}
        </tr>
      </thead>
      ${bodies}
    </table>
  </div>`;
}

function plainRow([name = '', ...cells]: readonly (string | number | Markup)[]): Markup {
  return html`<tr>
    <th scope="row">${name}</th>
    ${cells.map((cell) => html`<td>${cell}</td>`)}
  </tr>`;
}
