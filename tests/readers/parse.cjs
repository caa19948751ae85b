// What a library makes of texts: `node parse.cjs NODE_MODULES KIND < texts.json` prints a list of it as JSON.
"use strict";

const [, , folder, kind] = process.argv;
const load = require("node:module").createRequire(`${folder}/`);
const { Readable } = require("node:stream");

// schema.org's own context has to be fetched; this says the same of the names that we use.
const documentLoader = async (documentUrl) => ({
  documentUrl,
  document: { "@context": { "@vocab": "http://schema.org/" } },
});

const parsers = {
  "json-ld": (text) => load("jsonld").expand(JSON.parse(text), { documentLoader }),
  sitemap: (text) => load("sitemap").parseSitemap(Readable.from([text])),
  bibtex: (text) => {
    load("@citation-js/plugin-bibtex");
    return load("@citation-js/core").plugins.input.chain(text);
  },
};

(async () => {
  const parsed = [];
  for (const text of JSON.parse(require("node:fs").readFileSync(0, "utf8"))) parsed.push(await parsers[kind](text));
  process.stdout.write(JSON.stringify(parsed));
})();
