/** An article in JATS 1.3, with what dialects do to figures: groups, alternatives, permissions, formulas, tables. */
export const jatsArticle = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE article PUBLIC "-//NLM//DTD JATS (Z39.96) Journal Archiving DTD v1.3 20210610//EN" "JATS-archivearticle1-3.dtd" [<!ENTITY who "nobody">]>
<article xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:mml="http://www.w3.org/1998/Math/MathML" article-type="research-article" dtd-version="1.3">
<front><journal-meta><journal-title-group><journal-title>Journal of Drawn Figures</journal-title></journal-title-group></journal-meta>
<article-meta><article-id pub-id-type="pmc">7000001</article-id><article-id pub-id-type="pmid">30000001</article-id>
<article-id pub-id-type="doi">10.5555/Drawn.1</article-id>
<title-group><article-title>Growth of <italic>E. coli</italic> at 37 &deg;C</article-title></title-group>
<contrib-group><contrib contrib-type="author"><name><surname>Ng</surname><given-names>Ada</given-names></name></contrib>
<contrib contrib-type="author"><collab>The Plate Group<contrib-group><contrib contrib-type="author"><name><surname>Member</surname><given-names>A</given-names></name></contrib></contrib-group></collab></contrib>
<contrib contrib-type="editor"><name><surname>Editor</surname><given-names>An</given-names></name></contrib></contrib-group>
<pub-date pub-type="pmc-release"><year>2022</year></pub-date><pub-date pub-type="epub"><year>2020</year></pub-date><pub-date pub-type="collection"><year>2021</year></pub-date>
<permissions><license xlink:href="http://creativecommons.org/licenses/by/4.0/"><license-p>Free to use.</license-p></license></permissions></article-meta></front>
<body><p>Plates were kept at 37 °C (<xref ref-type="fig" rid="f1">Fig. 1</xref>). Colonies are seen in <xref ref-type="fig" rid="f2">Figure 2</xref>A.</p>
<fig id="f1"><label>Figure 1</label><caption><title>Growth.</title><p>Cells with 5 µM CO<sub>2</sub> by <inline-formula><mml:math><mml:mi>k</mml:mi></mml:math></inline-formula>.</p></caption>
<graphic xlink:href="drawn-1-g001"/></fig>
<fig id="f2"><label>Figure 2</label><caption><p>Colonies &amp; plates &who;.</p></caption><alt-text>Round colonies</alt-text>
<alternatives><graphic xlink:href="drawn-1-g002-small.png" specific-use="thumbnail"/><graphic xlink:href="drawn-1-g002.tif"/><graphic xlink:href="drawn-1-g002.png"/></alternatives>
<attrib>Drawn by Ada</attrib><permissions><copyright-statement>© 1999 The Plate Press</copyright-statement></permissions></fig>
<fig-group id="g3"><caption><p>Two plates.</p></caption><fig id="f3a"><label>Figure 3A</label><graphic xlink:href="drawn-1-g003a.png"/></fig>
<fig id="f3b"><label>Figure 3B</label><caption><p>The second.</p></caption><graphic xlink:href="drawn-1-absent.tif"/></fig></fig-group>
<fig id="f4"><label>Figure 4</label><caption><p>Numbers.</p></caption><table-wrap><table><tr><td>1</td></tr></table></table-wrap></fig>
<table-wrap id="t1"><graphic xlink:href="drawn-1-t001.png"/></table-wrap></body>
<sub-article article-type="translation" xml:lang="pt"><front-stub/><body><fig id="f1"><label>Figura 1</label><caption><p>Crescimento.</p></caption><graphic xlink:href="drawn-1-g001"/></fig></body></sub-article>
</article>`;

/** An article in NLM 2.3, whose license stands in the metadata itself, in Latin-1. */
export const nlmArticle = Buffer.from(
  `<?xml version="1.0" encoding="ISO-8859-1"?><article><front><journal-meta><journal-title>Acta</journal-title></journal-meta>
<article-meta><article-id pub-id-type="doi">10.5555/nlm.1</article-id><title-group><article-title>Über Zellen</article-title></title-group>
<pub-date pub-type="ppub"><year>2004</year></pub-date><copyright-statement>Open under the Creative Commons Attribution License.</copyright-statement></article-meta></front>
<body><fig id="F1"><label>1</label><caption><p>Zellwände.</p></caption><graphic xlink:href="acta.g001"/></fig></body></article>`,
  'latin1',
);
