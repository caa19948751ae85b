// Searches all issues in the reader's own browser: it loads one file of documents per year, the newest first, and
// indexes them while the reader types. Chinese, Japanese and Korean are indexed by pairs of characters, so that a word
// is found whatever particle follows it; the pairs reach over single spaces, for 확산 모델 is written 확산모델 as well.
"use strict";

const SHOWN = 50;
const EXCERPT = 160;
const PAIRED = "[\\p{Script=Hangul}\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}]";
const PIECES = new RegExp(`(${PAIRED}+)|(?:(?!${PAIRED})[\\p{L}\\p{M}\\p{N}])+`, "gu");
const CHARACTER = new RegExp(`^${PAIRED}$`, "u");
const GAP = new RegExp(`(${PAIRED}) (?=(${PAIRED}))`, "gu");
const LATIN = /^[a-z]{5,}$/;

const query = document.getElementById("query");
const status = document.getElementById("status");
const found = document.getElementById("found");
const documents = new Map();

const index = new MiniSearch({
  fields: ["title", "original_title", "keywords", "authors", "summary", "text", "words"],
  tokenize: indexed,
  searchOptions: {
    tokenize: tokens,
    boost: { title: 4, original_title: 4, keywords: 3, authors: 2, summary: 2 },
    combineWith: "AND",
    prefix: (term) => term.length > 2 || CHARACTER.test(term),
    fuzzy: (term) => (LATIN.test(term) ? 0.2 : false),
  },
});

let loading = true;
let failed = false;

function tokens(text) {
  const terms = [];
  for (const [piece, characters] of text.normalize("NFKC").toLowerCase().matchAll(PIECES)) {
    if (!characters || characters.length < 2) {
      terms.push(piece);
    } else {
      for (let start = 0; start + 1 < characters.length; start++) {
        terms.push(characters.slice(start, start + 2));
      }
    }
  }
  return terms;
}

function indexed(text) {
  const over = [...text.normalize("NFKC").matchAll(GAP)].map(([, left, right]) => left + right);
  return [...tokens(text), ...over];
}

function element(name, text, language) {
  const made = document.createElement(name);
  made.textContent = text;
  if (language) made.lang = language;
  return made;
}

// The part of the text where the first searched word stands.
function excerpt(text) {
  const word = query.value.trim().split(/\s+/)[0].toLowerCase();
  const start = Math.max(0, text.toLowerCase().indexOf(word) - EXCERPT / 4);
  const part = text.slice(start, start + EXCERPT);
  return (start ? "… " : "") + part + (start + EXCERPT < text.length ? " …" : "");
}

function item(paper) {
  const language = found.dataset.language;
  const link = element("a", paper.title, paper.language);
  link.href = `../${encodeURIComponent(paper.run)}/${language}/digest.html#${encodeURIComponent(paper.id)}`;
  const made = document.createElement("li");
  made.append(link);
  const original = paper.original_title ? [element("span", paper.original_title, "en")] : [];
  const line = element("p", "");
  line.className = "soft small";
  for (const part of [element("span", paper.heading), ...original]) {
    if (line.hasChildNodes()) line.append(" · ");
    line.append(part);
  }
  made.append(line);
  if (paper.summary) {
    const summary = element("p", "");
    summary.className = "small";
    const label = element("span", found.dataset.summary);
    label.className = "label";
    summary.append(label, " ", element("span", paper.summary, language));
    made.append(summary);
  }
  const text = element("p", excerpt(paper.text));
  text.className = "soft small";
  made.append(text);
  return made;
}

function show() {
  // A paper that stands in a week and in a month is found once.
  const hits = new Map();
  for (const hit of query.value.trim() ? index.search(query.value) : []) {
    const paper = documents.get(hit.id);
    if (!hits.has(paper.id)) hits.set(paper.id, paper);
  }
  found.replaceChildren(...[...hits.values()].slice(0, SHOWN).map(item));
  const said = [];
  if (query.value.trim()) {
    if (hits.size) said.push(status.dataset.found.replace("{count}", hits.size));
    else if (!loading) said.push(status.dataset.none);
  }
  if (loading) said.push(status.dataset.loading);
  if (failed) said.push(status.dataset.failed);
  status.textContent = said.join(" ");
}

async function load(name) {
  const answer = await fetch(name);
  if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
  const shard = await answer.json();
  const fresh = shard.issues.flatMap((issue) =>
    issue.papers.map((paper) => ({
      key: `${issue.run}/${paper.id}`,
      document: { ...paper, run: issue.run, heading: issue.heading },
    })),
  );
  for (const { key, document } of fresh) documents.set(key, document);
  await index.addAllAsync(fresh.map(({ key, document }) => ({ ...document, id: key })), { chunkSize: 50 });
}

async function start() {
  query.value = new URLSearchParams(location.search).get("q") ?? "";
  query.addEventListener("input", show);
  query.form.addEventListener("submit", (event) => {
    event.preventDefault();
    history.replaceState(null, "", `?q=${encodeURIComponent(query.value)}`);
    show();
  });
  show();
  for (const name of found.dataset.shards.split(" ").filter(Boolean)) {
    try {
      await load(name);
    } catch (error) {
      failed = true;
      console.warn(error.message);
    }
    show();
  }
  loading = false;
  show();
}

start();
