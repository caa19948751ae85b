// Searches all issues in the reader's own browser; query.js says what a query means. What it reads first is the newest
// quarter's list, then the other lists, then the full text of the last year, and older texts when the reader asks.
"use strict";

const SHOWN = 50;
const EXCERPT = 160;
const AT_ONCE = 4;
const AT_A_STRETCH = 12;
const PAUSE = 250;

const query = document.getElementById("query");
const status = document.getElementById("status");
const found = document.getElementById("found");
const older = document.getElementById("older");
const language = found.dataset.language;
const lists = found.dataset.lists.split(" ").filter(Boolean).map((names) => names.split(":"));
const recent = found.dataset.recent.split(" ").filter(Boolean);
const aged = [...new Set(lists.map(([, shard]) => shard))].filter((shard) => !recent.includes(shard));

const papers = new Map();
const read = new Map();
let words = NO_WORDS;
let loading = true;
let failed = false;
let composing = false;
let remembering = 0;
let showing = 0;
let returning = null;
let shown = { hits: [], words: "" };

function element(name, text, language) {
  const made = document.createElement(name);
  made.textContent = text;
  if (language) made.lang = language;
  return made;
}

// An element with a text in which what was searched is marked.
function marked(name, text, units, language) {
  const made = element(name, "", language);
  const plain = text.normalize("NFC");
  let after = 0;
  for (const [start, end] of marks(plain, units)) {
    made.append(plain.slice(after, start), element("mark", plain.slice(start, end)));
    after = end;
  }
  made.append(plain.slice(after));
  return made;
}

function small(...parts) {
  const made = element("p", "");
  made.className = "small";
  made.append(...parts);
  return made;
}

// The part of the text in which most of what was searched stands.
function excerpt(text, units) {
  const plain = text.normalize("NFC");
  const starts = marks(plain, units).map(([start]) => start);
  const within = (first) => starts.filter((start) => start >= first && start < first + EXCERPT * 0.75).length;
  const best = starts.reduce((left, right) => (within(right) > within(left) ? right : left), starts[0] ?? 0);
  const from = Math.max(0, best - EXCERPT / 4);
  const start = from && plain.lastIndexOf(" ", from) + 1;
  const part = plain.slice(start, start + EXCERPT).replace(/[\ud800-\udbff]$/u, "");
  return { hit: starts.length > 0, text: (start ? "… " : "") + part + (start + EXCERPT < plain.length ? " …" : "") };
}

// The translation where it holds what was searched, else the original where that does.
function quoted(paper, units) {
  const translated = paper.original_text || paper.words ? language : paper.language;
  const texts = [[paper.text, translated], [paper.original_text, "en"]].filter(([text]) => text);
  const parts = texts.map(([text, language]) => ({ ...excerpt(text, units), language }));
  return parts.find(({ hit }) => hit) ?? (paper.summary ? null : parts[0]);
}

function item(paper, units) {
  const link = marked("a", paper.title, units, paper.language);
  const [run, page, id] = [paper.run, paper.page, paper.id].map(encodeURIComponent);
  link.href = `../${run}/${language}/${page}#${id}`;
  const made = document.createElement("li");
  made.dataset.paper = paper.id;
  const line = small(element("span", paper.heading));
  line.classList.add("soft");
  if (paper.original_title) line.append(" · ", marked("span", paper.original_title, units, "en"));
  made.append(link, line);
  if (paper.summary) {
    const label = element("span", found.dataset.summary);
    label.className = "label";
    made.append(small(label, " ", marked("span", paper.summary, units, language)));
  }
  const named = [paper.authors, paper.keywords].filter((names) => names && marks(names.normalize("NFC"), units).length);
  const part = quoted(paper, units);
  const quotes = named.map((names) => ({ text: names, language: "en" }));
  for (const { text, language } of part ? [...quotes, part] : quotes) {
    const quote = small(marked("span", text, units, language));
    quote.classList.add("soft");
    made.append(quote);
  }
  return made;
}

// Puts these hits on the page, unless they are there: most files that are read hold none.
function put(hits, units) {
  const words = JSON.stringify(units.map(({ alternatives }) => [...alternatives.keys()]));
  if (words === shown.words && hits.length === shown.hits.length && hits.every((hit, at) => hit === shown.hits[at])) return;
  shown = { hits, words };
  found.replaceChildren(...hits.map((paper) => item(paper, units)));
}

// Many files come within a moment, and each look takes as long as the archive is.
function showSoon() {
  showing ||= setTimeout(show, PAUSE);
}

function show() {
  clearTimeout(showing);
  showing = 0;
  const parsed = parse(query.value, words);
  const asked = parsed.id !== "" || parsed.units.length > 0;
  const newest = [...papers.values()].sort((left, right) => left.age - right.age);
  const { hits, units } = search(newest, parsed, words);
  // A syllable that is being composed is another one a key later: what was found so far stays until then.
  if (composing && !hits.length) return;
  // A paper that stands in a week and in a month is found once.
  const unique = new Map();
  for (const paper of hits) if (!unique.has(paper.id)) unique.set(paper.id, paper);
  put([...unique.values()].slice(0, SHOWN), units);
  const said = [];
  if (asked) {
    if (unique.size) said.push(status.dataset.found.replace("{count}", unique.size));
    else if (!loading) said.push(status.dataset.none);
  }
  if (loading) said.push(status.dataset.loading);
  if (failed) said.push(status.dataset.failed);
  status.textContent = said.join(" ");
  older.hidden = loading || !asked || aged.every((shard) => read.has(shard));
  comeBack();
}

// The query and the place are kept in the address and its entry of the history, from which Back brings them again.
function remember() {
  clearTimeout(remembering);
  const asked = new URLSearchParams();
  if (query.value.trim()) asked.set("q", query.value);
  if (aged.length && aged.every((shard) => read.has(shard))) asked.set("older", "1");
  const first = [...found.children].find((hit) => hit.getBoundingClientRect().bottom > 0);
  const place = scrollY && first ? { paper: first.dataset.paper, top: first.getBoundingClientRect().top } : null;
  history.replaceState(returning ?? place, "", String(asked) ? `?${asked}` : location.pathname);
}

function rememberSoon() {
  clearTimeout(remembering);
  remembering = setTimeout(remember, PAUSE);
}

function comeBack() {
  const hit = returning && [...found.children].find((hit) => hit.dataset.paper === returning.paper);
  if (hit) scrollBy(0, hit.getBoundingClientRect().top - returning.top);
}

function stay() {
  returning = null;
}

async function fetched(name) {
  const answer = await fetch(name);
  if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
  return answer.json();
}

// Each file is read once, whoever asks for it.
function take(name, age) {
  if (!read.has(name)) read.set(name, keep(name, age));
  return read.get(name);
}

async function keep(name, age) {
  const { issues } = await fetched(name);
  let began = performance.now();
  for (const [place, issue] of issues.entries()) {
    for (const paper of issue.papers) {
      const key = `${issue.run}/${paper.id}`;
      const held = papers.get(key);
      if (held?.text && !paper.text) continue;
      const order = held?.age ?? age + 1 - (place + 1) / (issues.length + 1);
      const about = { run: issue.run, heading: issue.heading, page: issue.read_at || "digest.html", age: order };
      papers.set(key, prepared({ ...paper, ...about }));
      // Milliseconds after which whoever types is let in.
      if (performance.now() - began < AT_A_STRETCH) continue;
      await new Promise((resume) => setTimeout(resume));
      began = performance.now();
    }
  }
}

async function attempt(reading) {
  try {
    await reading;
  } catch (error) {
    failed = true;
    console.warn(error.message);
  }
  showSoon();
}

// An archive of an earlier version has no list of some quarters: then the file it would follow from is read.
function takeList([list, shard], age) {
  return attempt(take(list, age).catch(() => take(shard, age)));
}

async function inTurn(tasks) {
  const waiting = [...tasks];
  const work = async () => {
    while (waiting.length) await waiting.shift()();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

async function takeTexts(shards) {
  loading = true;
  show();
  for (const shard of shards) await attempt(take(shard, lists.findIndex(([, other]) => other === shard)));
  loading = false;
  show();
}

async function start() {
  const asked = new URLSearchParams(location.search);
  query.value = asked.get("q") ?? "";
  returning = history.state;
  history.scrollRestoration = "manual";
  for (const moved of ["wheel", "touchstart", "pointerdown", "keydown"]) addEventListener(moved, stay, { passive: true });
  addEventListener("scroll", rememberSoon, { passive: true });
  addEventListener("pagehide", remember);
  found.addEventListener("click", remember);
  query.addEventListener("input", (event) => {
    composing = event.isComposing;
    stay();
    show();
    rememberSoon();
  });
  query.addEventListener("compositionend", () => {
    composing = false;
    show();
  });
  query.form.addEventListener("submit", (event) => {
    event.preventDefault();
    composing = false;
    show();
    remember();
  });
  older.addEventListener("click", async () => {
    await takeTexts(aged);
    remember();
  });
  show();
  const synonyms = async () => {
    if (found.dataset.synonyms) words = lexicon(await fetched(found.dataset.synonyms));
  };
  const [newest, ...others] = lists.map((names, age) => () => takeList(names, age));
  await newest?.();
  show();
  await inTurn([() => attempt(synonyms()), ...others]);
  await takeTexts(asked.has("older") ? [...recent, ...aged] : recent);
  stay();
}

start();
