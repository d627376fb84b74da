import { describe, expect, it } from '@jest/globals';
import { html, Markup } from './markup.js';

describe('markup', () => {
  it('escapes whatever is put in', () => {
    const text = `<script>alert("1")</script> & 'x'`;
    expect(html`<p title="${text}">${text}</p>`.html).toBe(
      '<p title="&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &apos;x&apos;">' +
        '&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &apos;x&apos;</p>',
    );
  });

  it('takes markup as it is, alone and in lists', () => {
    const items = ['a', '<b>'].map((one) => html`<li>${one}</li>`);
    expect(
      html`<ul>
        ${items}
      </ul>`.html.replaceAll(/\s+/g, ''),
    ).toBe('<ul><li>a</li><li>&lt;b&gt;</li></ul>');
    expect(html`<p>${new Markup('<b>1</b>')} of ${3}</p>`.html).toBe('<p><b>1</b> of 3</p>');
  });
});
