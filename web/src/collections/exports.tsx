import { Menu } from '../shared/menu';
import { text } from '../text';

/** The forms in which a collection can be taken along, with the words for each. */
const formats = Object.entries(text.exports.formats);

/** A menu of files of a collection; the browser downloads what is chosen. */
export function ExportMenu({ id }: { readonly id: string }) {
  return (
    <Menu label={text.exports.button}>
      <ul class="menu-list">
        {formats.map(([format, words]) => (
          <li key={format}>
            <a href={`/collections/${encodeURIComponent(id)}/export?format=${format}`} download>
              {words}
            </a>
          </li>
        ))}
      </ul>
    </Menu>
  );
}
