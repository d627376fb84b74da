/** The style of a report: light and dark as the reader's system is, and for print. */
export const reportStyle = `
:root { color-scheme: light dark; --paper: #fff; --ink: #1c2430; --soft: #5a6675; --line: #d5dbe3; --shade: #f3f6f9;
  --c0: #0b63b5; --c1: #b3470c; --c2: #1d7a4a; --c3: #7a3fa8; }
@media (prefers-color-scheme: dark) { :root { --paper: #14181e; --ink: #e6ebf1; --soft: #a3afbd; --line: #38424f; --shade: #1d232b;
  --c0: #6bb3f5; --c1: #f2a06b; --c2: #6fd09b; --c3: #c99af0; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 66rem; background: var(--paper); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }
h1 { font-size: 1.8rem; line-height: 1.25; margin: 0 0 .4rem; }
h2 { font-size: 1.3rem; margin: 2.6rem 0 .6rem; padding-top: .6rem; border-top: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 0 0 .3rem; }
p { max-width: 46rem; }
.lead { color: var(--soft); margin-top: 0; }
.answers { display: grid; grid-template-columns: repeat(auto-fit, minmax(12rem, 1fr)); gap: 1rem; margin: 1.4rem 0; padding: 0; list-style: none; }
.answers li { background: var(--shade); border: 1px solid var(--line); border-radius: .6rem; padding: 1rem 1.1rem; }
.answers h3 { font-size: .9rem; font-weight: 600; color: var(--soft); }
.answers .number { display: block; font-size: 2rem; line-height: 1.2; font-weight: 650; }
.answers .interval { display: block; color: var(--soft); font-size: .9rem; margin-bottom: .4rem; }
dl { display: grid; grid-template-columns: minmax(9rem, 13rem) 1fr; gap: .5rem 1.2rem; max-width: 56rem; }
dt { font-weight: 600; } dd { margin: 0; }
figure { margin: 1.4rem 0; }
figcaption { font-weight: 600; }
svg { width: 100%; height: auto; display: block; }
svg.plot { min-width: 36rem; }
svg.key { display: inline-block; width: 34px; height: 16px; vertical-align: -3px; margin-right: .35rem; }
.legend { margin: .3rem 0 .2rem; font-size: .9rem; }
.entry { display: inline-block; margin-right: 1.2rem; }
svg text { fill: var(--ink); font-size: 13px; }
svg .tick { fill: var(--soft); font-size: 12px; }
svg .grid, svg .row { stroke: var(--line); stroke-width: 1; }
svg .chance { stroke: var(--soft); stroke-width: 1.5; stroke-dasharray: 3 3; }
svg .interval { stroke-width: 2; }
.series0 { stroke: var(--c0); fill: var(--c0); } .series1 { stroke: var(--c1); fill: var(--c1); }
.series2 { stroke: var(--c2); fill: var(--c2); } .series3 { stroke: var(--c3); fill: var(--c3); }
svg .mark { stroke: var(--paper); stroke-width: 1; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: .88rem; font-variant-numeric: tabular-nums; width: 100%; }
caption { text-align: left; color: var(--soft); padding-bottom: .4rem; }
th, td { text-align: right; padding: .3rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; white-space: nowrap; }
th[scope=row], th:first-child { text-align: left; font-weight: 500; padding-left: 1.4rem; }
thead th { border-bottom: 2px solid var(--line); font-weight: 600; }
tbody th[scope=rowgroup] { text-align: left; background: var(--shade); font-weight: 600; white-space: normal; padding-left: .6rem; }
th[scope=rowgroup] small { font-weight: 400; color: var(--soft); }
td small { display: block; color: var(--soft); }
.failures { display: grid; grid-template-columns: repeat(auto-fill, minmax(19rem, 1fr)); gap: 1rem; }
.failure { border: 1px solid var(--line); border-radius: .6rem; padding: .9rem 1rem; break-inside: avoid; }
.failure .asked { font-weight: 600; overflow-wrap: anywhere; margin: 0 0 .5rem; }
.failure .kind { color: var(--soft); font-size: .85rem; margin: 0; }
.pictures { display: flex; gap: .7rem; align-items: flex-start; }
.pictures > div { flex: 1 1 0; min-width: 0; }
.pictures h4 { font-size: .82rem; margin: 0 0 .25rem; font-weight: 600; }
.pictures img { width: 100%; height: 8.5rem; object-fit: contain; background: #fff; border: 1px solid var(--line); border-radius: .3rem; }
.pictures p { font-size: .8rem; line-height: 1.4; margin: .25rem 0 0; overflow-wrap: anywhere; display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 5; overflow: hidden; }
.failure .place { font-size: .85rem; margin: 0 0 .5rem; }
.none { display: block; padding: 3rem .5rem; text-align: center; color: var(--soft); border: 1px dashed var(--line); font-size: .85rem; }
code { font-family: ui-monospace, Menlo, Consolas, monospace; font-size: .9em; background: var(--shade); padding: .1rem .3rem; border-radius: .25rem; overflow-wrap: anywhere; }
footer { margin-top: 3rem; color: var(--soft); font-size: .9rem; border-top: 1px solid var(--line); padding-top: .8rem; }
@media (max-width: 40rem) { dl { display: block; } dd { margin-bottom: .8rem; } }
@media print { :root { --paper: #fff; --ink: #000; --soft: #444; --line: #bbb; --shade: #f4f4f4; --c0: #0b63b5; --c1: #b3470c; --c2: #1d7a4a; --c3: #7a3fa8; color-scheme: light; }
  body { font-size: 10.5pt; max-width: none; padding: 0; } h2 { break-after: avoid; } figure, tbody { break-inside: avoid; } .scroll { overflow: visible; } table { font-size: 7.5pt; } }
`;
