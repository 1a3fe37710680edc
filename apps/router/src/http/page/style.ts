/** The one style sheet of the pages: readable on a phone, light and dark. */
export const PAGE_CSS = `
:root {
  color-scheme: light dark;
  --ground: #fbfbfa; --ink: #1b1c1d; --quiet: #5c6166; --line: #d6d8da; --raised: #ffffff; --link: #0b5cad;
  --calm: #1f6f43; --warm: #8a5300; --hot: #a11f1f; --on: #ffffff; --mark: #ffe08a; --mark-ink: #3b2f00;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #141618; --ink: #e8e9ea; --quiet: #a3a9af; --line: #363b40; --raised: #1c1f22; --link: #7db7f5;
    --calm: #6cc694; --warm: #e8b15c; --hot: #f08d86; --on: #141618; --mark: #6b5300; --mark-ink: #fff3cf;
  }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 46rem; padding: 1rem; background: var(--ground); color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
header { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; justify-content: space-between;
  border-bottom: 1px solid var(--line); padding-bottom: .5rem; color: var(--quiet); }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 1.25rem 0 .5rem; }
h2 { font-size: 1.1rem; margin: 1.75rem 0 .5rem; }
a { color: var(--link); }
code, pre, .mono { font-family: ui-monospace, monospace; font-size: .9rem; }
pre { background: var(--raised); border: 1px solid var(--line); border-radius: .4rem; padding: .75rem;
  white-space: pre-wrap; max-height: 32rem; overflow: auto; margin: 0; }
blockquote { margin: 0; padding: .25rem .75rem; border-left: .25rem solid var(--line); white-space: pre-wrap; }
mark { background: var(--mark); color: var(--mark-ink); border-radius: .2rem; padding: 0 .15rem; }
dl { display: grid; grid-template-columns: 9rem 1fr; gap: .35rem 1rem; margin: 0; }
dt { color: var(--quiet); }
dd { margin: 0; }
.badge { display: inline-block; border: 1px solid currentColor; border-radius: 1rem; padding: 0 .6rem;
  font-size: .85rem; font-weight: 600; vertical-align: middle; }
.read, .write, .approved, .completed { color: var(--calm); }
.destructive, .pending, .pending_approval, .queued, .running { color: var(--warm); }
.irreversible, .rejected, .expired, .withdrawn, .failed, .timeout, .cancelled { color: var(--hot); }
.notice { border: 1px solid var(--line); border-left: .3rem solid var(--warm); background: var(--raised);
  border-radius: .4rem; padding: .6rem .8rem; margin: 1rem 0; }
.notice.bad { border-left-color: var(--hot); }
.notice.good { border-left-color: var(--calm); }
form { margin: 1rem 0; }
fieldset { border: 1px solid var(--line); border-radius: .4rem; padding: .75rem 1rem; margin: 0; }
summary { cursor: pointer; padding: .5rem 0; font-weight: 600; }
legend { font-weight: 600; padding: 0 .3rem; }
label { display: block; margin: .5rem 0; }
input, textarea, select, button { font: inherit; color: inherit; width: 100%; padding: .6rem .7rem; border-radius: .4rem;
  border: 1px solid var(--quiet); background: var(--ground); }
button { width: auto; min-height: 2.75rem; min-width: 8rem; cursor: pointer; font-weight: 600; }
button.approve { background: var(--calm); border-color: var(--calm); color: var(--on); }
button.reject { background: var(--hot); border-color: var(--hot); color: var(--on); }
button.plain { min-width: 0; min-height: 0; padding: .2rem .6rem; font-weight: 400; }
header form { margin: 0; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .4rem .5rem; border-bottom: 1px solid var(--line); vertical-align: top; }
th { color: var(--quiet); font-weight: 500; }
.wide { overflow-x: auto; }
@media (max-width: 34rem) {
  dl { grid-template-columns: 1fr; gap: 0; }
  dd { margin-bottom: .6rem; }
  button { width: 100%; }
  button.plain { width: auto; }
}
`;
