/** The page's style: system fonts, light and dark, print and small screens. */
export const style = `
:root {
  --page: #fbfbfa; --card: #ffffff; --line: #e3e2de; --grid: #eceae6; --text: #1c1b1a; --soft: #5f5d58;
  --created: #1f5fbf; --restored: #13733f; --renewed: #8a5200; --failed: #b3261e; --memory: #6d6a64;
  --waiter: #9a978f; --value: #6b3fa0; --tint-failed: #fdf0ef; --focus: #1f5fbf;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #161616; --card: #1e1e1d; --line: #363533; --grid: #2b2a29; --text: #efedea; --soft: #adaaa3;
    --created: #7fb0ff; --restored: #63c78d; --renewed: #e5ad55; --failed: #ff8f85; --memory: #a8a59e;
    --waiter: #77746d; --value: #c4a1f2; --tint-failed: #2b1c1b; --focus: #7fb0ff;
  }
}
* { box-sizing: border-box; }
html { color-scheme: light dark; -webkit-text-size-adjust: 100%; scroll-padding-top: 1rem; }
body {
  margin: 0 auto; padding: 2.5rem 1.5rem 4rem; max-width: 72rem; background: var(--page); color: var(--text);
  font: 400 0.9375rem/1.55 system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', sans-serif;
}
h1 { margin: 0; font-size: 1.75rem; line-height: 1.2; letter-spacing: -0.015em; }
h2 { margin: 2.75rem 0 0.5rem; font-size: 1.125rem; letter-spacing: -0.005em; }
h3 { margin: 0 0 0.35rem; font-size: 1rem; }
p { margin: 0 0 0.5rem; max-width: 44rem; }
code { font: 0.8125rem/1.4 ui-monospace, 'SF Mono', Menlo, Consolas, monospace; overflow-wrap: anywhere; }
small { color: var(--soft); font-size: 0.8125rem; }
a { color: inherit; text-decoration-color: var(--waiter); text-underline-offset: 0.2em; }
a:hover { text-decoration-color: currentColor; }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; border-radius: 3px; }
.aside { color: var(--soft); }
.facts { display: flex; flex-wrap: wrap; gap: 0 0.6rem; margin: 0.35rem 0 0; max-width: none; color: var(--soft); }
.facts > :not(:last-child)::after { content: '·'; margin-left: 0.6rem; }
.numbers {
  display: flex; flex-wrap: wrap; gap: 1px; margin: 1.75rem 0 0; padding: 0;
  list-style: none; background: var(--line); border: 1px solid var(--line); border-radius: 10px; overflow: hidden;
}
.numbers li { flex: 1 1 8rem; padding: 0.8rem 1rem; background: var(--card); color: var(--soft); }
.numbers strong {
  display: block; color: var(--text); font-size: 1.625rem; font-weight: 600; line-height: 1.2;
  font-variant-numeric: tabular-nums; letter-spacing: -0.02em;
}
.numbers .bad, .numbers .bad strong { color: var(--failed); }
.cards { display: grid; gap: 0.75rem; margin: 0.75rem 0 0; padding: 0; list-style: none; }
.card { padding: 1rem 1.25rem; background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
.card p:last-child { margin-bottom: 0; }
.failure { background: var(--tint-failed); border-left: 4px solid var(--failed); }
.failure .said { overflow-wrap: anywhere; white-space: pre-line; }
.failure code { margin-left: 0.35rem; color: var(--failed); font-weight: 400; }
.outcome { white-space: nowrap; }
.outcome::before {
  content: ''; display: inline-block; width: 0.6em; height: 0.6em; margin-right: 0.45em; border-radius: 50%;
  background: var(--memory);
}
.outcome.created::before { background: var(--created); }
.outcome.restored::before { background: var(--restored); }
.outcome.renewed::before { background: var(--renewed); }
.outcome.failed::before { background: var(--failed); border-radius: 0; transform: rotate(45deg); }
.outcome.memory::before { background: none; border: 1.5px solid var(--memory); }
.outcome.warning::before { background: var(--renewed); border-radius: 0; }
.outcome.failed, .outcome.failed + code { color: var(--failed); }
.legend { display: flex; flex-wrap: wrap; gap: 0.2rem 1.25rem; margin: 0.75rem 0; max-width: none; color: var(--soft); font-size: 0.8125rem; }
.legend .outcome.failed { color: inherit; }
.mark::before { content: ''; display: inline-block; vertical-align: middle; margin-right: 0.5em; }
.mark.waiter::before { width: 1.4em; border-top: 2px solid var(--waiter); }
.mark.use::before { height: 0.85em; border-left: 2px solid var(--memory); }
.mark.value::before { width: 1em; border-top: 4px solid var(--value); border-radius: 2px; }
.mark.code::before { width: 0.6em; height: 0.6em; border-radius: 50%; background: var(--value); margin-right: 0.45em; }
.timeline { background: var(--card); border: 1px solid var(--line); border-radius: 10px; margin: 0 0 0.5rem; padding: 0.5rem 0; list-style: none; overflow: hidden; }
.lane { display: grid; grid-template-columns: minmax(7rem, 15rem) minmax(0, 1fr); gap: 0 1rem; padding: 0.35rem 1.25rem; }
.lane + .lane { border-top: 1px solid var(--grid); }
.axis + .lane, .lane + .axis { border-top-color: var(--line); }
.lane-name { align-self: start; overflow-wrap: anywhere; line-height: 1.35; text-decoration: none; }
.lane-name:hover { text-decoration: underline; }
.lane-name small { display: block; }
.lane svg { display: block; overflow: visible; font-size: 0.75rem; }
.lane text { fill: var(--soft); font-variant-numeric: tabular-nums; }
.grid line { stroke: var(--grid); stroke-width: 1; }
.grid.break line { stroke: var(--waiter); stroke-dasharray: 3 4; }
.event line { stroke: var(--memory); stroke-width: 10; stroke-linecap: round; }
.event.created line { stroke: var(--created); }
.event.restored line { stroke: var(--restored); }
.event.renewed line { stroke: var(--renewed); }
.event.failed line { stroke: var(--failed); stroke-linecap: square; }
.event.failed text { fill: var(--failed); }
.lane .event text { paint-order: stroke; stroke: var(--card); stroke-width: 4px; stroke-linejoin: round; }
.lane .waiter { stroke: var(--waiter); stroke-width: 2; stroke-linecap: round; }
.lane .use { stroke: var(--memory); stroke-width: 2; stroke-linecap: round; opacity: 0.75; }
.lane .use.failed { stroke: var(--failed); opacity: 1; }
.read line { stroke: var(--value); stroke-width: 6; stroke-linecap: round; }
.read circle { fill: var(--value); }
.read.code line { stroke-width: 2; }
.read.failed line { stroke: var(--failed); }
.read.failed circle { fill: var(--failed); }
.scroll { overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
caption { padding: 0.7rem 1.25rem 0.2rem; text-align: left; color: var(--soft); font-size: 0.8125rem; }
th, td { padding: 0.5rem 1.25rem; text-align: left; vertical-align: top; font-weight: 400; overflow-wrap: break-word; }
thead th { padding-bottom: 0.35rem; color: var(--soft); font-size: 0.8125rem; white-space: nowrap; border-bottom: 1px solid var(--line); }
tbody tr + tr > * { border-top: 1px solid var(--grid); }
tbody th { min-width: 10rem; overflow-wrap: anywhere; }
tbody th.test { min-width: 16rem; }
tbody th small { display: block; }
td code { overflow-wrap: normal; }
td.number, th.number { text-align: right; white-space: nowrap; overflow-wrap: normal; }
details { background: var(--card); border: 1px solid var(--line); }
details + details { border-top-color: var(--grid); margin-top: -1px; }
details:first-of-type { margin-top: 0.75rem; border-radius: 10px 10px 0 0; }
details:last-of-type { border-radius: 0 0 10px 10px; }
details:only-of-type { border-radius: 10px; }
details .scroll:target { scroll-margin-top: 4rem; }
summary { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0.1rem 1.25rem; padding: 0.65rem 1.25rem; border-radius: 10px; cursor: pointer; list-style: none; }
summary::-webkit-details-marker { display: none; }
summary::before { content: ''; width: 0.4em; height: 0.4em; margin-right: -0.6rem; border: solid var(--soft); border-width: 0 1.5px 1.5px 0; transform: rotate(-45deg); }
details[open] > summary::before { transform: rotate(45deg); }
summary .grow { flex: 1 1 10rem; font-weight: 600; overflow-wrap: anywhere; }
details .scroll { border-width: 1px 0 0; border-radius: 0 0 9px 9px; }
.notes { margin: 0.5rem 0 0; padding-left: 1.1rem; }
.notes li { margin: 0.25rem 0; overflow-wrap: anywhere; }
@media (max-width: 40rem) {
  body { padding: 1.5rem 1rem 3rem; }
  .lane { grid-template-columns: minmax(0, 1fr); padding: 0.5rem 0.9rem; }
  .lane-name small { display: inline; margin-left: 0.4rem; }
  th, td, caption { padding-left: 0.9rem; padding-right: 0.9rem; }
}
@media (prefers-reduced-motion: no-preference) {
  html { scroll-behavior: smooth; }
  summary::before { transition: transform 0.12s; }
}
@media (forced-colors: active) {
  .outcome::before, .mark::before { forced-color-adjust: none; }
}
@media print {
  body { max-width: none; padding: 0; }
  .scroll, .timeline, .card, details { break-inside: avoid; }
}
`;
