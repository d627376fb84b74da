import { escapeUTF8 } from 'entities';

/** Text that is HTML already. */
export class Markup {
  constructor(readonly html: string) {}
}

type Content = string | number | Markup | readonly Markup[];

/** HTML from a template: whatever is put in is escaped, unless it is markup itself. */
export function html(parts: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  const written = parts.map((part, i) => part + (i < contents.length ? toHtml(contents[i] ?? '') : ''));
  return new Markup(written.join(''));
}

function toHtml(content: Content): string {
  if (content instanceof Markup) return content.html;
  if (typeof content === 'object') return content.map((one) => one.html).join('\n');
  return escapeUTF8(String(content));
}
