/**
 * How the page of a report looks.
 *
 * @module
 */

/** The page's style sheet. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --back: #fbfbfa; --card: #ffffff; --text: #1d1d1b; --dim: #63625d; --rule: #e4e3de;
  --price: #5b6470; --buy: #0b6bcb; --sell: #c2410c; --equity: #0f766e; --position: #6d4fc2;
  --drawdown: #b91c1c; --latency: #8a5a00;
}
@media (prefers-color-scheme: dark) {
  :root {
    --back: #141517; --card: #1c1e21; --text: #e9e8e4; --dim: #a3a29c; --rule: #34363b;
    --price: #9aa4b2; --buy: #5aa9f8; --sell: #fb8c4e; --equity: #3fc0b2; --position: #a78bfa;
    --drawdown: #f87171; --latency: #e0b354;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 1.5rem 1rem 3rem; max-width: 72rem;
  background: var(--back); color: var(--text);
  font: 15px/1.5 system-ui, sans-serif; font-variant-numeric: tabular-nums;
}
h1 { font-size: 1.5rem; margin: 0; }
h2 { font-size: 1.15rem; margin: 2rem 0 .75rem; }
h3 { font-size: .95rem; margin: 0; font-weight: 600; }
header p { margin: .15rem 0 1rem; color: var(--dim); }
.failure {
  border: 1px solid var(--drawdown); border-radius: 8px; padding: .6rem .8rem; margin: 0 0 1rem;
  overflow-wrap: anywhere;
}
dl {
  display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); gap: .75rem; margin: 0;
}
dl div, figure, .card {
  background: var(--card); border: 1px solid var(--rule); border-radius: 8px;
}
dl div { padding: .6rem .8rem; }
dt { color: var(--dim); font-size: .85rem; }
dd { margin: 0; font-size: 1.2rem; font-weight: 600; }
figure { margin: 0 0 .75rem; padding: .7rem .8rem .4rem; }
figcaption { display: flex; flex-wrap: wrap; gap: .2rem 1rem; align-items: baseline; margin-bottom: .5rem; }
.key { color: var(--dim); font-size: .85rem; display: inline-flex; align-items: center; gap: .35rem; }
.frame { display: grid; grid-template-columns: 76px 1fr; }
.plot { width: 100%; display: block; border-bottom: 1px solid var(--rule); }
.labels text { fill: var(--dim); font-size: 12px; }
.times { grid-column: 2; width: 100%; display: block; }
path { fill: none; vector-effect: non-scaling-stroke; stroke-linejoin: round; }
.grid { stroke: var(--rule); }
.zero { stroke: var(--dim); stroke-dasharray: 2 3; }
.line { stroke-width: 1.5; }
.area { opacity: .15; stroke: none; }
.fill { stroke-width: 6; }
.line.price { stroke: var(--price); stroke-width: 1.2; }
.fill.buy { stroke: var(--buy); stroke-linecap: round; }
.fill.sell { stroke: var(--sell); stroke-linecap: square; stroke-width: 5; }
.line.equity { stroke: var(--equity); } .area.equity { fill: var(--equity); }
.line.position { stroke: var(--position); } .area.position { fill: var(--position); }
.line.drawdown { stroke: var(--drawdown); } .area.drawdown { fill: var(--drawdown); }
.line.latency { stroke: var(--latency); }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(19rem, 1fr)); gap: 0 .75rem; }
.tables { display: grid; grid-template-columns: repeat(auto-fill, minmax(19rem, 1fr)); gap: .75rem; align-items: start; }
.card { padding: .6rem .8rem; }
table { border-collapse: separate; border-spacing: 0; width: 100%; margin-top: .35rem; }
th, td { padding: .12rem 0; vertical-align: top; border-top: 1px solid var(--rule); }
th { text-align: left; font-weight: 400; color: var(--dim); padding-right: 1rem; white-space: nowrap; }
td { text-align: right; overflow-wrap: anywhere; }
footer { margin-top: 2rem; color: var(--dim); font-size: .85rem; }
@media (max-width: 30rem) {
  body { padding: 1rem .6rem 2rem; }
  .tables { grid-template-columns: 1fr; }
  figure { padding: .6rem .5rem .3rem; }
}
@media print { body { max-width: none; } figure, .card { break-inside: avoid; } }
`;
