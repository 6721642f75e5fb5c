// The page to ask in SPARQL: an editor, saved queries to start from, and the answer of a worker.
import { csv, draw, make } from "./sparql-answer.js";
import { edit } from "./sparql-editor.js";

const root = new URL("..", import.meta.url);
const $ = (id) => document.getElementById(id);
const form = $("ask");
const lang = document.documentElement.lang;
const words = Object.fromEntries(
  [...$("words").content.children].map((word) => [word.dataset.name, word.textContent]),
);

let worker;
let busy = false;
let urls = [];

// What the worker has to know of this site.
export const site = {
  base: form.dataset.base,
  folder: form.dataset.folder,
  languages: form.dataset.languages.split(" "),
  files: form.dataset.files.split(" ").map((path, n) => ({
    url: new URL(path, root).href,
    size: Number(form.dataset.sizes.split(" ")[n]),
  })),
  prefixes: Object.fromEntries(
    [...$("namespaces").children].map((pair) => [
      pair.firstElementChild.textContent.slice(0, -1),
      pair.lastElementChild.textContent,
    ]),
  ),
};
site.label = full(form.dataset.label);
site.summary = full(form.dataset.summary);
const bytes = site.files.reduce((sum, file) => sum + file.size, 0);
const editor = edit($("query"), $("label"), run);

function full(names) {
  return names.split(" ").map((name) => name.replace(/^([\w-]*):/, (_, prefix) => site.prefixes[prefix]));
}

function say(word, values = {}) {
  return words[word].replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

function number(value, digits = 0) {
  return new Intl.NumberFormat(lang, { maximumFractionDigits: digits }).format(value);
}

function size(value, whole = value) {
  return whole < 1e6 ? `${number(value / 1e3)} kB` : `${number(value / 1e6, 1)} MB`;
}

function tell(text, detail = "", isFault = false) {
  $("status").replaceChildren(text, ...(detail ? [make("small", {}, detail)] : []));
  $("status").classList.toggle("notice", isFault);
}

// Asking.

function run() {
  const text = editor.text;
  if (busy) return;
  if (!worker && bytes > Number(form.dataset.limit) && !confirm(say("confirm", { size: size(bytes) }))) return;
  $("answer").hidden = true;
  share(text);
  work(true);
  tell(words.running);
  if (!worker) {
    worker = new Worker(new URL("sparql-worker.js", import.meta.url), { type: "module" });
    worker.onmessage = ({ data }) => hear(data);
    worker.onerror = (event) => hear({ word: "failed", values: { detail: event.message ?? "" }, isFault: true });
  }
  worker.postMessage({ text, site });
}

function work(is) {
  busy = is;
  $("cancel").disabled = !is;
  form.setAttribute("aria-busy", is);
}

function stop() {
  worker?.terminate();
  worker = undefined;
}

function cancel() {
  stop();
  work(false);
  tell(words.cancelled);
  form.querySelector("[type=submit]").focus();
}

function share(text) {
  const link = `${location.pathname}#query=${encodeURIComponent(text)}`;
  history.replaceState(null, "", link);
  $("link").href = link;
}

function hear(data) {
  if (data.isFault) complain(data);
  else if (data.word === "loading") progress(data);
  else if (data.word === "running") tell(words.running);
  else answer(data);
}

// A live region that changes with every chunk cannot be followed.
let told = 0;
function progress({ done, total }) {
  if (done < total && performance.now() - told < 1000) return;
  told = performance.now();
  tell(say("loading", { done: size(done, total), total: size(total) }));
}

function complain({ word, values }) {
  // After these, what the worker holds cannot be trusted.
  if (word === "failed" || word === "no-data") stop();
  if (values.line) Object.assign(values, editor.goTo(values));
  work(false);
  const detail = values.detail ?? "";
  tell(say(word, values), detail.length > 200 ? `${detail.slice(0, 200)} …` : detail, true);
}

// Answering.

function answer(data) {
  work(false);
  const rows = data.number === 1 ? words["row.one"] : say("row.many", { count: number(data.number) });
  const seconds = number(data.seconds, data.seconds < 1 ? 2 : 1);
  const doubt = data.unknown.length ? say("unknown", { names: data.unknown.join(", ") }) : "";
  const isTable = data.boolean === undefined;
  tell(isTable ? say("found", { rows, seconds }) : words[data.boolean], doubt, Boolean(doubt));
  offer(data);
  $("rows").replaceChildren(...(isTable ? table(data) : [make("p", {}, words[data.boolean])]));
  $("answer").hidden = false;
  if ($("answer").getBoundingClientRect().top > innerHeight * 0.8) $("status").scrollIntoView();
}

function table(data) {
  if (!data.number) return [make("p", {}, words.none)];
  const drawn = draw(data, words.rows, (iri) => shown(iri, data.links[iri]));
  if (data.number === data.shown.length) return [drawn];
  const first = { shown: number(data.shown.length), total: number(data.number) };
  return [make("p", {}, say("first", first)), drawn];
}

// The whole answer, to download.
function offer({ json, nt, vars }) {
  urls.forEach(URL.revokeObjectURL);
  urls = [];
  const files = {
    csv: json && vars && [csv(json), "text/csv"],
    json: json && [json, "application/sparql-results+json"],
    nt: nt !== undefined && [nt, "application/n-triples"],
  };
  for (const [id, file] of Object.entries(files)) {
    $(id).hidden = !file;
    if (!file) continue;
    urls.push(URL.createObjectURL(new Blob([file[0]], { type: `${file[1]};charset=utf-8` })));
    $(id).href = urls.at(-1);
    $(id).download = `answer.${id}`;
  }
}

function shown(iri, found) {
  const text = found?.label ?? compact(iri);
  const attributes = found?.lang ? { lang: found.lang } : {};
  if (found?.path) return make("a", { href: new URL(found.path, root).href, ...attributes }, text);
  if (found || !/^https?:\/\//.test(iri)) return make("span", attributes, text);
  return make("a", { href: iri, rel: "external" }, text);
}

function compact(iri) {
  for (const [prefix, namespace] of Object.entries(site.prefixes)) {
    const local = iri.startsWith(namespace) ? iri.slice(namespace.length) : "/";
    if (/^[\w-]*$/.test(local)) return `${prefix}:${local}`;
  }
  return iri.startsWith(`${site.base}id/`) ? iri.slice(site.base.length + 3) : iri;
}

// Where a question comes from: the address of the page, or the list of saved queries.

async function start(name, chosen = []) {
  const response = await fetch(new URL(`query/${name}.rq`, root));
  if (!response.ok) return tell(words["no-data"], "", true);
  // Its title stands in the list already, and its prefixes are known here.
  const text = (await response.text()).replace(/^(?:#.*\n|PREFIX .*\n|\s)*/, "").trimEnd();
  editor.text = chosen.reduce(fill, text);
  if (editor.text !== text) run();
}

// Puts what was chosen in the place of what a saved question asks for by itself.
function fill(text, [name, value]) {
  if (!/^\w+$/.test(name) || !/^(?:<[^\s<>"{}|\\^`]+>|[\w-]+:[\w-]+)$/.test(value)) return text;
  return text.replace(new RegExp(`(\\bVALUES\\s+\\?${name}\\s*\\{)[^{}]*\\}`, "i"), (_, start) => `${start} ${value} }`);
}

function restore() {
  const shared = new URLSearchParams(location.hash.slice(1)).get("query");
  const { name, ...chosen } = Object.fromEntries(new URLSearchParams(location.search));
  if (shared !== null) editor.text = shared;
  else if ($("example") && [...$("example").options].some(({ value }) => value && value === name)) {
    $("example").value = name;
    start(name, Object.entries(chosen));
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  run();
});
$("cancel").addEventListener("click", cancel);
$("example")?.addEventListener("change", ({ target }) => target.value && start(target.value));
addEventListener("hashchange", restore);
$("size").textContent = say("size", { size: size(bytes) });
$("needs").hidden = true;
for (const id of ["controls", "examples", "keys"]) if ($(id)) $(id).hidden = false;
restore();
