/** The demonstrations' own sheet: the calm family of the federator, served from their own origin. */
export const styles = `
:root { color-scheme: light dark; --ground: #FBFAF6; --ink: #17262E; --quiet: #4A5A62; --accent: #0E5A4E; --on-accent: #FFFFFF; --refusal: #8A2B1E; --line: #D9D6CB; --panel: #FFFFFF; }
@media (prefers-color-scheme: dark) { :root { --ground: #111B20; --ink: #E8EDEA; --quiet: #9FB0B8; --accent: #7FD6C2; --on-accent: #10201C; --refusal: #FFB4A6; --line: #2C3B43; --panel: #17242B; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 1.0625rem/1.5 system-ui, sans-serif; }
header, main, footer { max-width: 46rem; margin: 0 auto; padding: 0 1.25rem; }
header { display: flex; justify-content: space-between; align-items: center; gap: 1rem; min-height: 4rem; }
header .name { font-weight: 650; color: inherit; text-decoration: none; display: inline-flex; align-items: center; gap: .6rem; min-height: 3rem; }
header .badge { width: 1.75rem; height: 1.75rem; border-radius: .5rem; background: var(--ink); color: var(--ground); display: inline-grid; place-items: center; font-size: .875rem; }
header .language { display: inline-grid; place-items: center; min-width: 3rem; min-height: 3rem; color: var(--quiet); }
footer { color: var(--quiet); font-size: .9375rem; padding-block: 2.5rem; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 1.5rem 0 .5rem; text-wrap: balance; }
h2 { font-size: 1.1875rem; margin: 2.25rem 0 .75rem; }
p { margin: .5rem 0 1rem; }
a { color: var(--accent); }
.quiet { color: var(--quiet); }
.button { display: inline-flex; align-items: center; justify-content: center; min-height: 3rem; padding: .5rem 1.25rem; border-radius: .75rem; border: 2px solid var(--accent); background: var(--accent); color: var(--on-accent); font: inherit; font-weight: 600; text-decoration: none; cursor: pointer; }
.button.second { background: transparent; color: var(--accent); }
.row { display: flex; flex-wrap: wrap; gap: .75rem; align-items: center; margin: 1.25rem 0; }
.row form { margin: 0; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 3px; border-radius: .5rem; }
.note { border-left: 4px solid var(--accent); background: var(--panel); padding: .75rem 1rem; border-radius: 0 .75rem .75rem 0; }
.note.refusal { border-color: var(--refusal); }
.note.refusal strong { color: var(--refusal); }
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: .75rem; background: var(--panel); }
table { border-collapse: collapse; width: 100%; font-size: .9375rem; }
caption { text-align: left; padding: .75rem 1rem; color: var(--quiet); }
th, td { text-align: left; vertical-align: top; padding: .5rem 1rem; border-top: 1px solid var(--line); }
th:nth-child(-n+2), td:first-of-type { min-width: 11rem; }
tbody th { font-weight: 500; font-family: ui-monospace, monospace; font-size: .875rem; overflow-wrap: anywhere; }
td { overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
pre { margin: 0; padding: 1rem; font: .8125rem/1.5 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
dt { color: var(--quiet); } dd { margin: 0 0 .75rem; overflow-wrap: anywhere; }
details > summary { cursor: pointer; min-height: 3rem; display: flex; align-items: center; }
`
