// What a query means, and how well a paper answers it: plain functions, without a page.
//
// Texts are compared folded: in lower case, without hyphens, and without spaces beside Chinese, Japanese and Korean
// characters, for 강화학습 is written 강화 학습 as well. Every paper is looked through from its beginning to its end: an
// index takes longer to make and holds much more, and C++, phrases and parts of Korean words are found like all else.
"use strict";

const PAIRED = /[\p{Script=Hangul}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー]/u;
const KEPT = /[\p{L}\p{M}\p{N}]/u;
const SOFT = new Set("-‐‑–_/.'’·:@");
const SIGNS = new Set("+#");
const TRAILING_JAMO = /[\u1100-\u11ff\u3131-\u318e]+$/u;
const ARXIV_ID = /(?:^|[/:\s])(\d{4}\.\d{4,5})(?:v\d+)?(?:\.pdf)?(?=$|[/?#\s])/u;
const BEGUN_ID = /^\d{4}\.\d{1,4}$/u;
const PIECES = /["“”„]([^"“”„]*)(?:["“”]|$)|[^\s"“”„]+/gu;
const LATIN_WORD = /^[a-z]{5,}$/u;
const FIELDS = {
  title: 4,
  original_title: 4,
  keywords: 3,
  authors: 2,
  summary: 2,
  text: 1,
  original_text: 1,
  words: 1,
};
const SYNONYM = 0.7;
const STEM = 0.6;
const TYPO = 0.4;
const INSIDE = 0.4;
const LONGEST_TERM = 6;
const GAP = 2;
const SPANS = 20;

// The folded text, whether a word begins at each of its characters, and where each of them stands in `text`.
function fold(text) {
  const starts = [];
  const places = [];
  const folded = [];
  let between = "";
  let last = "";
  let wasPaired = false;
  let place = 0;
  for (const character of text) {
    const code = character.codePointAt(0);
    const plain = code < 128 || (code >= 0xac00 && code <= 0xd7a3);
    for (const part of (plain ? character : character.normalize("NFKC")).toLowerCase()) {
      const sign = SIGNS.has(part) && !between && last !== "";
      if (!sign && !KEPT.test(part)) {
        if (/\s/u.test(part)) between = between === "soft" || between === "break" ? "break" : "space";
        else between = SOFT.has(part) && !between ? "soft" : "break";
        continue;
      }
      const isPaired = PAIRED.test(part);
      let start = !last || between !== "" || isPaired !== wasPaired;
      if (sign) start = false;
      else if (SIGNS.has(last)) start = true;
      if (last && (between === "break" || (between === "space" && !isPaired && !wasPaired))) {
        folded.push(" ");
        starts.push(false);
        places.push(place);
      }
      for (let unit = 0; unit < part.length; unit++) {
        starts.push(start && unit === 0);
        places.push(place);
      }
      folded.push(part);
      last = part;
      between = "";
      wasPaired = isPaired;
    }
    place += character.length;
  }
  places.push(place);
  return { text: folded.join(""), starts, places };
}

// Where `word` stands in a folded text, as pairs of its start and its end. A Latin word begins where a word begins, and
// a short or an exact one ends where a word ends; Korean may go on, and stand within a longer word.
function occurrences(field, word, exact) {
  const found = [];
  const isPaired = PAIRED.test(word[0]);
  const ends = !PAIRED.test(word.at(-1)) && (exact || word.length < 3);
  for (let at = field.text.indexOf(word); at >= 0 && found.length < SPANS; at = field.text.indexOf(word, at + 1)) {
    const end = at + word.length;
    if (!field.starts[at] && (!isPaired || word.length === 1)) continue;
    if (ends && end < field.text.length && field.text[end] !== " " && !field.starts[end]) continue;
    found.push([at, end]);
  }
  return found;
}

function key(text) {
  return fold(text).text.replaceAll(" ", "");
}

// What the file of synonyms says: which terms are one, and what may be attached to a noun.
function lexicon({ attached, terms }) {
  const forms = new Map();
  for (const term of terms) {
    const written = term.flatMap((form) => [form, form.replace(/[-‐‑–]/gu, " ")]);
    const spelled = [...new Set(written.map((form) => fold(form).text))];
    for (const form of spelled) {
      const joined = form.replaceAll(" ", "");
      forms.set(joined, [...(forms.get(joined) ?? []), ...spelled]);
    }
  }
  return { forms, attached: attached ? new RegExp(`^(.{2,}?)${attached}$`, "u") : null };
}

const NO_WORDS = { forms: new Map(), attached: null };

function stem(word, words) {
  const found = words.attached?.exec(word);
  return found && found[1] !== word ? found[1] : "";
}

// Words that stand for one thing: as the reader wrote them, without a particle, and what else it is called.
function unit(text, words) {
  const whole = fold(text).text;
  const joined = whole.replaceAll(" ", "");
  const bare = stem(joined, words);
  const synonyms = words.forms.get(joined) ?? words.forms.get(bare);
  const alternatives = new Map([[whole, 1]]);
  const add = (word, weight) => alternatives.has(word) || alternatives.set(word, weight);
  for (const synonym of synonyms ?? []) add(synonym, synonym === bare ? STEM : SYNONYM);
  if (bare && !words.forms.has(joined)) add(bare, STEM);
  if (/^[a-z]{3,}s$/u.test(whole)) add(whole.slice(0, -1), SYNONYM);
  return { whole, bare, exact: false, alternatives, known: synonyms !== undefined };
}

// The meaning of a query: an arXiv id or the beginning of one, and else units all of which a paper has to hold.
function parse(query, words = NO_WORDS) {
  const text = query.normalize("NFC").trim().replace(TRAILING_JAMO, "").trim();
  const id = ARXIV_ID.exec(text)?.[1] ?? BEGUN_ID.exec(text)?.[0] ?? "";
  const units = [];
  let run = [];
  const flush = () => {
    for (let first = 0; first < run.length; ) {
      let made = null;
      let last = Math.min(run.length, first + LONGEST_TERM);
      for (; last > first; last--) {
        made = unit(run.slice(first, last).join(" "), words);
        if (made.known || last === first + 1) break;
      }
      if (made.whole) units.push(made);
      first = last;
    }
    run = [];
  };
  for (const [piece, phrase] of text.matchAll(PIECES)) {
    if (phrase === undefined) {
      run.push(piece);
    } else {
      flush();
      const whole = fold(phrase).text;
      if (whole) units.push({ whole, bare: "", exact: true, alternatives: new Map([[whole, 1]]), known: true });
    }
  }
  flush();
  return { id, units };
}

// A paper as it is looked through.
function prepared(paper) {
  const folded = {};
  for (const name of Object.keys(FIELDS)) {
    if (!paper[name]) continue;
    const { text, starts } = fold(paper[name].normalize("NFC"));
    folded[name] = { text, starts: Uint8Array.from(starts) };
  }
  return { ...paper, folded };
}

// Whether a word that ends like a noun with a particle is a noun itself: papers attach a particle to all of it.
function isNoun(papers, { whole, bare }, words) {
  const suffix = whole.slice(bare.length);
  return papers.some((paper) =>
    Object.values(paper.folded).some((field) =>
      occurrences(field, whole, false).some(([at, end]) => {
        if (!field.starts[at] || !PAIRED.test(field.text[end] ?? "") || field.starts[end]) return false;
        let stop = end;
        while (stop < field.text.length && !field.starts[stop] && PAIRED.test(field.text[stop])) stop++;
        const rest = field.text.slice(end, stop);
        return stem(`xx${rest}`, words) === "xx" && stem(`xx${suffix}${rest}`, words) !== "xx";
      }),
    ),
  );
}

function isOneEditAway(left, right) {
  if (Math.abs(left.length - right.length) > 1) return false;
  let head = 0;
  while (head < left.length && left[head] === right[head]) head++;
  const rest = (word, skipped) => word.slice(head + skipped);
  if (left.length > right.length) return rest(left, 1) === rest(right, 0);
  if (left.length < right.length) return rest(left, 0) === rest(right, 1);
  const swapped = left[head] === right[head + 1] && left[head + 1] === right[head];
  return rest(left, 1) === rest(right, 1) || (swapped && rest(left, 2) === rest(right, 2));
}

function misspelled(papers, word) {
  const near = new Set();
  for (const paper of papers) {
    for (const field of Object.values(paper.folded)) {
      for (const [other] of field.text.matchAll(/[a-z]{4,}/gu)) if (isOneEditAway(word, other)) near.add(other);
    }
  }
  return near;
}

// Where a unit stands in a paper, by field, and how much that says.
function answer(paper, { alternatives, exact }) {
  const spans = {};
  let score = 0;
  for (const [name, field] of Object.entries(paper.folded)) {
    let best = 0;
    for (const [word, weight] of alternatives) {
      const at = occurrences(field, word, exact);
      if (!at.length) continue;
      (spans[name] ??= []).push(...at);
      best = Math.max(best, weight * (at.some(([start]) => field.starts[start]) ? 1 : INSIDE));
    }
    score += best * FIELDS[name];
  }
  return { spans, score };
}

function neighbours(left, right) {
  let best = 0;
  for (const [name, spans] of Object.entries(left.spans)) {
    const follows = ([, end]) => (right.spans[name] ?? []).some(([start]) => start >= end && start - end <= GAP);
    if (spans.some(follows)) best = Math.max(best, FIELDS[name]);
  }
  return best;
}

// The papers that answer a parsed query, the best first, of equals the one that comes first in `papers`.
function search(papers, { id, units }, words = NO_WORDS) {
  if (id) {
    const named = papers.filter((paper) => paper.id.startsWith(id));
    if (named.length || !BEGUN_ID.test(id)) return { hits: named, units: [] };
  }
  if (!units.length) return { hits: [], units };
  const meant = units.map((unit) => {
    const alternatives = new Map(unit.alternatives);
    if (unit.bare && !unit.known && isNoun(papers, unit, words)) alternatives.delete(unit.bare);
    return { ...unit, alternatives };
  });
  const answers = meant.map((unit) => {
    let each = papers.map((paper) => answer(paper, unit));
    if (!unit.exact && LATIN_WORD.test(unit.whole) && !each.some(({ score }) => score)) {
      for (const word of misspelled(papers, unit.whole)) unit.alternatives.set(word, TYPO);
      each = papers.map((paper) => answer(paper, unit));
    }
    const rarity = Math.log(1 + papers.length / (1 + each.filter(({ score }) => score).length));
    return { each, rarity };
  });
  const hits = [];
  papers.forEach((paper, place) => {
    if (!answers.every(({ each }) => each[place].score)) return;
    let score = 0;
    answers.forEach(({ each, rarity }, number) => {
      score += each[place].score * rarity;
      if (number) score += 2 * rarity * neighbours(answers[number - 1].each[place], each[place]);
    });
    hits.push({ paper, score });
  });
  hits.sort((left, right) => right.score - left.score);
  return { hits: hits.map(({ paper }) => paper), units: meant };
}

// Where the units of a query stand in a text, as pairs of start and end, in order, none within another.
function marks(text, units) {
  const field = fold(text);
  const spans = units
    .flatMap(({ alternatives, exact }) => [...alternatives.keys()].flatMap((word) => occurrences(field, word, exact)))
    .sort(([left, leftEnd], [right, rightEnd]) => left - right || rightEnd - leftEnd);
  const marked = [];
  for (const [start, end] of spans) {
    const last = marked.at(-1);
    const from = field.places[start];
    const begins = field.places[end - 1];
    const to = begins + String.fromCodePoint(text.codePointAt(begins)).length;
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else marked.push([from, to]);
  }
  return marked;
}
