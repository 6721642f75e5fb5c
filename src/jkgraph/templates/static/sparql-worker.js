// Answers SPARQL over the published data, off the main thread. Nothing is sent anywhere.
import init, { Store, namedNode, parse } from "./vendor/oxigraph/web.js";

const SHOWN = 1000;
const BATCH = 4_000_000;
// Strings, IRIs and comments hold no names and no keywords.
const QUIET = /"""[^]*?"""|'''[^]*?'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|<[^<>\s]*>|#[^\n]*/g;
const NAME = /(?<![\w?$@:.-])([A-Za-z][\w-]*):([A-Za-z0-9_](?:[\w.-]*[\w-])?)?/g;
const DECLARED = /\bPREFIX\s+([\w-]*):/gi;
const VERB = /^(?:\s|BASE\b|PREFIX\s+[^\s:]*:)*([A-Za-z]+)/i;
const UPDATES = /^(?:INSERT|DELETE|LOAD|CLEAR|DROP|CREATE|ADD|MOVE|COPY|WITH)$/i;
const GRAPHS = /^(?:CONSTRUCT|DESCRIBE)$/i;

let loaded;

// Something that the reader is told in words of the page.
class Told extends Error {
  constructor(word, values = {}) {
    super(word);
    this.values = values;
  }
}

self.onmessage = async ({ data: { text, site } }) => {
  try {
    const query = read(text, site);
    loaded ??= load(site);
    const store = await loaded;
    self.postMessage({ word: "running" });
    const started = performance.now();
    const answer = query.isGraph ? graph(store, query) : table(store, query);
    const seconds = (performance.now() - started) / 1000;
    const unknown = query.names.filter((name) => !occurs(store, name.iri)).map((name) => name.text);
    self.postMessage({ ...answer, seconds, unknown, links: links(store, answer.shown, site) });
  } catch (error) {
    const { message, values } = error instanceof Told ? error : fault(error);
    self.postMessage({ word: message, values: values ?? {}, isFault: true });
  }
};

// What a query uses, checked before anything is loaded.
function read(text, site) {
  const quiet = text.replace(QUIET, " ");
  const [, verb = ""] = quiet.match(VERB) ?? [];
  if (UPDATES.test(verb)) throw new Told("update", { name: verb.toUpperCase() });
  if (/\bSERVICE\b/i.test(quiet)) throw new Told("remote");
  const declared = new Set([...quiet.matchAll(DECLARED)].map(([, prefix]) => prefix));
  const used = [...quiet.matchAll(NAME)].filter(([, prefix]) => !declared.has(prefix));
  for (const [, prefix] of used) {
    if (!(prefix in site.prefixes)) throw new Told("prefix", { name: prefix });
  }
  const prefixes = [...new Set(used.map(([, prefix]) => prefix))];
  const full = used.filter(([, , local]) => local);
  const names = new Map(full.map(([name, prefix, local]) => [name, site.prefixes[prefix] + local]));
  return {
    isGraph: GRAPHS.test(verb),
    // On one line, so that the place of an error is easily told.
    text: `${prefixes.map((p) => `PREFIX ${p}: <${site.prefixes[p]}>`).join(" ")}\n${text}`,
    names: [...names]
      .map(([name, iri]) => ({ text: name, iri }))
      .filter(({ iri }) => iri.startsWith(site.base)),
  };
}

function fault(error) {
  const [, line, column, rest] = error.message?.match(/^error at (\d+):(\d+): ([^]*)$/) ?? [];
  if (!line) return { message: "failed", values: { detail: String(error.message ?? error) } };
  // Among all signs and words that might have stood there, a sentence tells most.
  const [sentence = rest] = rest.match(/[A-Z][a-z]+ [\w ]{10,}/) ?? [];
  const values = { line: Number(line) - 1, column: Number(column), detail: sentence };
  return { message: "syntax", values };
}

// Loading.

async function load({ files }) {
  try {
    const total = files.reduce((sum, file) => sum + file.size, 0);
    let done = 0;
    const count = (bytes) => self.postMessage({ word: "loading", done: Math.min((done += bytes), total), total });
    const [engine, ...data] = await Promise.all(files.map((file) => open(file.url, count)));
    const headers = { "Content-Type": "application/wasm" };
    await init({ module_or_path: new Response(engine, { headers }) });
    const store = new Store();
    for (const stream of data) await fill(store, stream);
    return store;
  } catch (error) {
    throw new Told("no-data", { detail: String(error.message ?? error) });
  }
}

// A file is packed, unless its host has unpacked it on the way.
async function open(url, count) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${response.status} ${url}`);
  const reader = response.body.getReader();
  let next = await reader.read();
  const isPacked = next.value?.[0] === 0x1f && next.value[1] === 0x8b;
  const body = new ReadableStream({
    async pull(controller) {
      if (next.done) return controller.close();
      count(next.value.length);
      controller.enqueue(next.value);
      next = await reader.read();
    },
  });
  return isPacked ? body.pipeThrough(new DecompressionStream("gzip")) : body;
}

async function fill(store, stream) {
  let rest = "";
  const nameless = [];
  for await (const text of chunks(stream.pipeThrough(new TextDecoderStream()))) {
    rest += text;
    if (rest.length < BATCH) continue;
    const end = rest.lastIndexOf("\n") + 1;
    add(store, rest.slice(0, end), nameless);
    rest = rest.slice(end);
  }
  add(store, rest, nameless);
  insert(store, nameless.join(""));
}

async function* chunks(stream) {
  const reader = stream.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
}

// The store names blank nodes anew with every insert, so their lines wait for each other.
function add(store, lines, nameless) {
  insert(store, lines.replace(/^.*_:.*\n?/gm, (line) => {
    nameless.push(line);
    return "";
  }));
}

function insert(store, lines) {
  store.load(lines, { format: "nt", lenient: true, no_transaction: true });
}

// Answering.

function table(store, { text }) {
  const json = store.query(text, { results_format: "json" });
  const { results, head, boolean } = JSON.parse(json);
  if (boolean !== undefined) return { json, boolean, shown: [] };
  const { bindings } = results;
  return { json, vars: head.vars, number: bindings.length, shown: bindings.slice(0, SHOWN) };
}

function graph(store, { text }) {
  const lines = store.query(text, { results_format: "nt" }).split("\n").filter(Boolean);
  const own = [...new Set(lines)].sort();
  const nt = own.map((line) => `${line}\n`).join("");
  const shown = parse(own.slice(0, SHOWN).join("\n"), { format: "nt" }).map((quad) => ({
    subject: term(quad.subject),
    predicate: term(quad.predicate),
    object: term(quad.object),
  }));
  return { nt, vars: ["subject", "predicate", "object"], number: own.length, shown };
}

function term({ termType, value, language, datatype }) {
  if (termType === "NamedNode") return { type: "uri", value };
  if (termType !== "Literal") return { type: "bnode", value };
  return { type: "literal", value, "xml:lang": language || undefined, datatype: datatype.value };
}

function occurs(store, iri) {
  return store.query(`ASK { { <${iri}> ?p ?o } UNION { ?s <${iri}> ?o } UNION { ?s ?p <${iri}> } }`);
}

// For each address of this site that is shown: its page and its name.
function links(store, rows, site) {
  const found = new Set();
  for (const row of rows) {
    for (const { type, value } of Object.values(row)) {
      if (type === "uri" && value.startsWith(site.base)) found.add(value);
    }
  }
  return Object.fromEntries([...found].map((iri) => [iri, link(store, iri, site)]));
}

function link(store, iri, site) {
  const { label, lang } = name(store, iri, site);
  return { label, lang, path: path(store, iri, site) };
}

function name(store, iri, { label, languages }) {
  const texts = values(store, iri, label);
  for (const lang of [...languages, "", ...Object.keys(texts)]) {
    if (lang in texts) return { label: texts[lang], lang: lang === languages[0] ? "" : lang };
  }
  return {};
}

function values(store, iri, properties) {
  const found = properties.flatMap((p) => store.match(namedNode(iri), namedNode(p), null, null));
  return Object.fromEntries(found.map(({ object }) => [object.language ?? "", object.value]));
}

// The page of an address; a record has one in a language where it has a description in it.
function path(store, iri, { base, folder, languages, summary }) {
  const [stem, anchor = ""] = iri.slice(base.length).split("#");
  const end = anchor && `#${anchor}`;
  if (stem === "def") return anchor && occurs(store, iri) ? `${folder}def.html${end}` : undefined;
  const [id, kind, slug, ...more] = stem.split("/");
  const own = base + stem;
  if (id !== "id" || !slug || more.length || !store.match(namedNode(own), null, null, null).length) return undefined;
  if (kind === "scheme") return `${folder}${slug}/index.html`;
  const isHere = !folder || languages[0] in values(store, own, summary);
  return `${isHere ? folder : ""}${kind}/${slug}.html${end}`;
}
