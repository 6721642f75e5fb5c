// Searches the index that stands beside the pages, and shows what it finds as links.
// Instead of a word that is nowhere, the nearest one is looked for.

const STEP = 10;
const FARTHEST = 2;
// Stands around a whole name in the index.
const MARK = "q0";

const box = document.querySelector("input[name=q]");
const section = document.getElementById("search");
const status = section.querySelector("[role=status]");
const list = section.querySelector("ol");
const more = section.querySelector("button");
const words = section.dataset;
const root = new URL(words.root || ".", location.href);
// Of very many pages each kind has an index of its own.
const part = document.getElementById("part");

let index;
let hits = [];
let latest = 0;

async function start() {
  const asked = new URLSearchParams(location.search);
  if (part) {
    if ([...part.options].some(({ value }) => value === asked.get("in"))) part.value = asked.get("in");
    part.parentElement.hidden = false;
    part.addEventListener("change", () => openIndex().then(() => show(box.value, 0)).catch(fail));
  }
  await openIndex();
  document.getElementById("search-off").hidden = true;
  box.value = asked.get("q") ?? "";
  box.form.addEventListener("submit", submit);
  box.addEventListener("input", () => show(box.value, 150));
  more.addEventListener("click", () => extend().then((item) => item?.querySelector("a").focus()));
  await show(box.value, 0);
}

async function openIndex() {
  const folder = new URL(part ? `pagefind/${part.value}/` : "pagefind/", root);
  const pagefind = await import(new URL("pagefind.js", folder));
  await pagefind.options({ baseUrl: root.pathname });
  index = { folder, pagefind };
}

function submit(event) {
  event.preventDefault();
  show(box.value, 0);
}

async function show(text, wait) {
  const turn = ++latest;
  await new Promise((done) => setTimeout(done, wait));
  if (turn !== latest) return;
  const query = text.trim();
  remember(query);
  section.hidden = query === "";
  if (query === "") return;
  const found = await search(query);
  if (turn !== latest) return;
  status.textContent = found.message;
  hits = found.results;
  list.replaceChildren();
  await extend();
}

async function search(query) {
  const other = await nearest(query);
  const results = await ranked(other || query);
  if (results.length === 0) return { results, message: fill(words.none, { query }) };
  return { results, message: other ? fill(words.instead, { query, other }) : number(results.length) };
}

// What is called just so comes first, then what is called so with more behind it.
async function ranked(query) {
  const name = query.normalize("NFKD").toLowerCase().replace(/[^a-z0-9]/g, "");
  const texts = [`${MARK}${name}${MARK}`, `${MARK}${name}`, query];
  const found = await Promise.all(texts.map((text) => index.pagefind.search(text)));
  const hits = found.flatMap(({ results }) => results);
  return [...new Map(hits.map((hit) => [hit.id, hit])).values()];
}

function number(count) {
  return fill(count === 1 ? words.one : words.many, { count });
}

function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

// Shows the next hits, and gives the first of them.
async function extend() {
  const turn = latest;
  const shown = list.children.length;
  const next = await Promise.all(hits.slice(shown, shown + STEP).map((hit) => hit.data()));
  if (turn !== latest) return undefined;
  list.append(...next.map(item));
  more.hidden = list.children.length >= hits.length;
  return list.children[shown];
}

function item(hit) {
  const link = document.createElement("a");
  link.href = hit.url;
  link.textContent = hit.meta.title;
  const kind = document.createElement("span");
  kind.className = "kind";
  kind.textContent = hit.meta.kind;
  const text = document.createElement("p");
  text.textContent = hit.meta.text;
  const made = document.createElement("li");
  made.append(link, " ", kind, text);
  return made;
}

// Replaces each word with which none begins by the nearest one; gives nothing when all are known.
async function nearest(query) {
  index.words ??= fetch(new URL(`words.${document.documentElement.lang}.json`, index.folder)).then((answer) => answer.json());
  const known = await index.words;
  const given = query.toLowerCase().match(/\p{L}+/gu) ?? [];
  const mended = given.map((word) => (known.some((other) => other.startsWith(word)) ? word : closest(word, known)));
  return mended.join(" ") === given.join(" ") ? "" : mended.join(" ");
}

function closest(word, known) {
  const farthest = word.length < 5 ? 1 : FARTHEST;
  const measured = known.map((other) => [distance(word, other, farthest), other]);
  const [far, best] = measured.reduce((a, b) => (b[0] < a[0] ? b : a), [Infinity, ""]);
  return far <= farthest ? best : word;
}

// The number of letters to add, drop, change or exchange; Infinity when surely above the limit.
function distance(one, other, limit) {
  if (Math.abs(one.length - other.length) > limit) return Infinity;
  let [before, above] = [[], Array.from({ length: other.length + 1 }, (_, i) => i)];
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    for (let j = 1; j <= other.length; j++) {
      const change = one[i - 1] === other[j - 1] ? 0 : 1;
      row[j] = Math.min(row[j - 1] + 1, above[j] + 1, above[j - 1] + change);
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) {
        row[j] = Math.min(row[j], before[j - 2] + 1);
      }
    }
    [before, above] = [above, row];
  }
  return above[other.length];
}

// The address keeps what was looked for, so that it can be shared and survives going back.
function remember(query) {
  const address = new URL(location.href);
  if (query) address.searchParams.set("q", query);
  else address.searchParams.delete("q");
  if (part) address.searchParams.set("in", part.value);
  history.replaceState(null, "", address);
}

function fail(error) {
  const off = document.getElementById("search-off");
  off.textContent = words.failed;
  off.hidden = false;
  section.hidden = true;
  console.warn(error);
}

start().catch(fail);
