// A form that makes the file of a record: new, or from what is published. Nothing is sent anywhere.

import { faults } from "./form-checks.js";
import { Fields, Naming, fieldsOf, today } from "./form-fields.js";
import { Register, isSlug, slugify } from "./form-names.js";
import { TYPE, literal, node, read, write } from "./turtle.js";

const XSD = "http://www.w3.org/2001/XMLSchema#";
// A longer address is refused by browsers or forges; then the text is pasted.
const LONGEST_ADDRESS = 7500;

const by = (id) => document.getElementById(id);
const form = by("sheet");
const model = JSON.parse(by("model").textContent);
const words = Object.fromEntries([...by("words").content.children].map((word) => [word.dataset.name, word.textContent]));
const register = new Register(form.dataset.root, model);
const fields = new Fields(form, register, words);
const edited = new URLSearchParams(location.search).get("record");
const slug = by("slug");
const title = fieldsOf(form).find(({ dataset }) => dataset.path === model.label)?.querySelector("input, textarea");
const state = { dirty: false, original: [], made: "" };

async function start() {
  if (edited) await open(edited);
  else fields.begin(form);
  form.querySelector(".whole").disabled = false;
  form.classList.add("on");
  by("needs").hidden = true;
  form.addEventListener("submit", (event) => (event.preventDefault(), submit()));
  form.addEventListener("click", press);
  form.addEventListener("input", change);
  form.addEventListener("change", told);
  form.addEventListener("focusin", offer);
  slug.addEventListener("input", () => ((slug.dataset.own = ""), show()));
  title?.addEventListener("input", name);
  title?.addEventListener("change", () => seek().catch(() => {}));
  by("download").addEventListener("click", download);
  by("copy").addEventListener("click", copy);
  window.addEventListener("beforeunload", (event) => state.dirty && event.preventDefault());
}

/* A record that is there already. */

async function open(name) {
  const answer = isSlug(name, model) ? await fetch(`${form.dataset.root}${model.folder}/${name}.nt`) : { ok: false };
  if (!answer.ok) throw new Error(words["no-record"]);
  const triples = read(await answer.text());
  const folders = [...form.querySelectorAll("[data-folders]"), ...[...fields.pieces.values()].flatMap((piece) => [...piece.querySelectorAll("[data-folders]")])];
  await Promise.all([...new Set(folders.map(({ dataset }) => dataset.folders))].map((some) => register.choices(some)));
  slug.value = name;
  fill(triples);
  if (written(gathered()) !== written(triples)) throw new Error(words["cannot-edit"]);
  renew();
  by("title").textContent = capital(say("title-edit", { name: title?.value || name }));
  by("address").hidden = true;
}

function fill(triples) {
  const record = address();
  const [shown, queue] = [new Set(), [[form, node(record)]]];
  state.original = triples;
  for (const [scope, subject] of queue) fields.fill(scope, subject, { record, triples, shown, queue });
  const types = [node(record), TYPE, node(model.type)].join();
  form.kept.push(...triples.filter((triple) => triple[0] === node(record) && triple[1] === TYPE && triple.join() !== types));
  form.kept.push(...triples.filter(([subject]) => subject !== node(record) && !shown.has(subject)));
}

// The day of the last change is the day on which the form is used.
function renew() {
  const field = fieldsOf(form).find(({ dataset }) => dataset.path === model.modified);
  if (!field) return;
  field.querySelector("input").value = "";
  fields.put(field, literal(today(), { datatype: `${XSD}date` }));
}

/* The address, and what is called nearly the same. */

function address() {
  return `${model.records}${model.folder}/${slug.value}`;
}

function name() {
  if (edited || slug.dataset.own !== undefined) return;
  slug.value = slugify(title.value, model);
  show();
}

function show() {
  by("iri").textContent = slug.value && address();
}

async function seek() {
  const found = edited ? [] : await register.alike(title.value);
  const [lead, list] = by("alike").children;
  lead.textContent = words.alike;
  list.replaceChildren(...found.map(({ iri, names }) => {
    const link = Object.assign(document.createElement("a"), { textContent: names[0], target: "_blank" });
    link.href = `${form.dataset.root}${iri.slice(model.records.length)}.html`;
    const item = document.createElement("li");
    item.append(link);
    return item;
  }));
  by("alike").hidden = !found.length;
}

/* Fields. */

function press(event) {
  const button = event.target.closest("button");
  if (button?.classList.contains("add")) fields.add(button.closest(".asked")).querySelector("input, textarea, select").focus();
  if (!button?.classList.contains("drop")) return;
  const entry = button.closest(".entry, .piece");
  const field = entry.parentElement.closest(".asked");
  if (entry.matches(".entry:only-child")) entry.querySelector("input, textarea, select").value = "";
  else entry.remove();
  field.querySelector(":scope > .add").focus();
  change();
}

function change() {
  state.dirty = true;
  by("made").hidden = true;
}

// Says what the chosen value means.
function told({ target }) {
  if (!target.matches("select")) return;
  const text = target.selectedOptions[0]?.dataset.told ?? "";
  let note = target.parentElement.querySelector(".told");
  if (!note && !text) return;
  if (!note) target.after((note = Object.assign(document.createElement("p"), { className: "told" })));
  note.textContent = text;
}

// Lists the names to pick from, when somebody comes to pick.
async function offer({ target }) {
  const folders = target.matches(".pick") && target.closest(".asked").dataset.folders;
  if (!folders) return;
  const id = `names-${folders.replaceAll(" ", "-")}`;
  target.setAttribute("list", id);
  if (by(id)) return;
  const list = Object.assign(document.createElement("datalist"), { id });
  form.append(list);
  const { byText } = await register.choices(folders).catch(() => (list.remove(), { byText: new Map() }));
  list.append(...[...byText.keys()].map((value) => Object.assign(document.createElement("option"), { value })));
}

/* The file. */

async function submit() {
  const picks = [...form.querySelectorAll(".asked[data-folders]")].filter((field) => fields.values(field).length);
  const failed = await Promise.all(picks.map(({ dataset }) => register.choices(dataset.folders))).then(() => [], () => [{ control: picks[0], text: words.failed }]);
  const found = failed.length ? failed : [...faults(fields, form, say), ...(await addressFault())];
  tell(found);
  if (!found.length) make();
}

async function addressFault() {
  const value = slug.value.trim();
  if (edited || (!value && !title?.value)) return [];
  if (!isSlug(value, model)) return [{ control: slug, text: say("slug-bad", { limit: model.longest }) }];
  const isTaken = await register.isTaken(value).catch(() => false);
  return isTaken ? [{ control: slug, text: say("slug-taken", { slug: value }) }] : [];
}

// All triples of the record, without links to parts that were taken away.
function gathered() {
  const record = address();
  const taken = state.original.map(([subject]) => subject.slice(1, -1)).filter((iri) => iri.startsWith(`${record}#`));
  const naming = new Naming(record, taken.map((iri) => iri.slice(record.length + 1)));
  const triples = [[node(record), TYPE, node(model.type)], ...fields.triples(form, node(record), naming)];
  const subjects = new Set(triples.map(([subject]) => subject));
  return triples.filter(([, , value]) => subjects.has(value) || !taken.some((iri) => node(iri) === value));
}

function written(triples) {
  return write(triples, { ...model, prefixes: { ...model.prefixes, "": `${address()}#` } });
}

function make() {
  state.made = written(gathered());
  const file = model.file.replace("{slug}", slug.value);
  by("file").textContent = file;
  by("text").textContent = state.made;
  const [item, href] = [by("forge"), forge(file)];
  item.hidden = !href;
  item.firstElementChild.href = href || location.href;
  by("said").textContent = "";
  by("made").hidden = false;
  by("made-title").focus();
}

// Where the forge makes or changes the file, with the text in it when that fits.
function forge(file) {
  if (edited) return model.edit.replace("{path}", file).replace("{iri}", address());
  const filled = model.new.replace("{path}", encodeURIComponent(file));
  const whole = filled.replace("{text}", () => encodeURIComponent(state.made));
  return whole.length <= LONGEST_ADDRESS ? whole : filled.replace(/&[^&]*\{text\}$/, "");
}

function download() {
  const href = URL.createObjectURL(new Blob([state.made], { type: "text/turtle" }));
  Object.assign(document.createElement("a"), { href, download: `${slug.value}.ttl` }).click();
  setTimeout(() => URL.revokeObjectURL(href), 1000);
  state.dirty = false;
}

async function copy() {
  const text = by("text");
  try {
    await navigator.clipboard.writeText(state.made);
    by("said").textContent = words.copied;
    state.dirty = false;
  } catch {
    // Some browsers and hosts do not allow it; then the reader copies what is selected.
    text.closest("details").open = true;
    getSelection().selectAllChildren(text);
  }
}

/* What is wrong. */

function tell(found) {
  form.querySelectorAll(".fault").forEach((note) => note.remove());
  form.querySelectorAll("[aria-describedby*=fault-]").forEach(release);
  const list = by("errors").querySelector("ul");
  list.replaceChildren(...found.map(note));
  by("errors").hidden = !found.length;
  if (found.length) by("errors").focus();
}

function release(control) {
  control.removeAttribute("aria-invalid");
  const rest = (control.getAttribute("aria-describedby") ?? "").split(" ").filter((id) => !id.startsWith("fault-"));
  control.setAttribute("aria-describedby", rest.join(" "));
}

// Puts a fault beside its control, and gives an item that leads there.
function note({ control, text }, number) {
  const told = Object.assign(document.createElement("p"), { className: "fault", id: `fault-${number}`, textContent: text });
  (control.closest(".options") ?? control).before(told);
  if (control.matches("input:not([type=radio]), textarea, select")) control.setAttribute("aria-invalid", "true");
  control.setAttribute("aria-describedby", `${control.getAttribute("aria-describedby") ?? ""} ${told.id}`.trim());
  const link = Object.assign(document.createElement("a"), { href: `#${told.id}`, textContent: text });
  link.addEventListener("click", (event) => (event.preventDefault(), go(control)));
  const item = document.createElement("li");
  item.append(link);
  return item;
}

function go(control) {
  for (let fold = control.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  control.focus();
  control.scrollIntoView({ block: "center" });
}

function say(key, values) {
  return words[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

start().catch((error) => {
  const needs = by("needs");
  needs.textContent = Object.values(words).includes(error.message) ? error.message : words.failed;
  needs.setAttribute("role", "alert");
  form.hidden = true;
  console.warn(error);
});
