// The fields of a form and what stands in them: entries that come and go, and the triples they make.
// A scope is the form itself or a part in it; a field belongs to the nearest scope around it.

import { TYPE, literal, node, parts } from "./turtle.js";

const XSD = "http://www.w3.org/2001/XMLSchema#";
const WHEN = [["date", /^\d{4}-\d{2}-\d{2}$/], ["gYearMonth", /^\d{4}-(0[1-9]|1[0-2])$/], ["gYear", /^\d{4}$/]];
const ADDRESS = /^https?:\/\/[^\s<>"{}|\\^`\ue000-\uf8ff\ufff0-\uffff]+$/;

// What can be put into a field, kept apart before anything is filled in.
export class Fields {
  constructor(form, register, words) {
    Object.assign(this, { form, register, words, number: 0, entries: new Map(), pieces: new Map() });
    const pieces = document.getElementById("pieces");
    for (const piece of pieces?.querySelectorAll(".piece") ?? []) {
      piece.disabled = false;
      this.pieces.set(piece.dataset.kind, piece);
    }
    for (const field of [...form.querySelectorAll(".asked"), ...(pieces?.querySelectorAll(".asked") ?? [])]) this.prepare(field);
    pieces?.remove();
  }

  // One entry is the example for those that people add.
  prepare(field) {
    const { how, several } = field.dataset;
    const box = field.querySelector(".entries");
    if (how === "part") box.replaceChildren();
    else if (several !== undefined && box.querySelector(".drop")) this.entries.set(field.dataset.key, box.firstElementChild.cloneNode(true));
  }

  // Begins a new record: the parts that are needed, and the values that a record begins with.
  begin(scope) {
    for (const field of fieldsOf(scope)) {
      const { how, needed, preset } = field.dataset;
      if (how === "part" && needed !== undefined) this.add(field);
      if (preset) this.put(field, preset === "today" ? literal(today(), { datatype: `${XSD}date` }) : preset);
    }
  }

  add(field) {
    const piece = field.dataset.how === "part";
    const example = piece ? this.pieces.get(field.dataset.piece) : this.entries.get(field.dataset.key);
    const entry = this.renewed(example.cloneNode(true));
    field.querySelector(":scope > .entries").append(entry);
    if (piece) this.begin(entry);
    return entry;
  }

  // Gives a copy names of its own.
  renewed(entry) {
    const end = `-${++this.number}`;
    const made = [entry, ...entry.querySelectorAll("*")];
    const own = new Set(made.map((one) => one.id).filter(Boolean));
    const moved = (text) => text.split(" ").map((id) => (own.has(id) ? id + end : id)).join(" ");
    for (const one of made) {
      if (one.id) one.id += end;
      if (one.name) one.name += end;
      for (const name of ["for", "aria-describedby", "aria-labelledby"]) {
        if (one.hasAttribute(name)) one.setAttribute(name, moved(one.getAttribute(name)));
      }
    }
    return entry;
  }

  // Puts a value into a field, if the field can show it so that nothing of it is lost.
  put(field, term) {
    const { how, several } = field.dataset;
    const boxes = field.querySelectorAll(":scope > .entries > .option input");
    if (boxes.length) {
      const box = [...boxes].find(({ value }) => value === term);
      const isFree = several !== undefined || ![...boxes].some(({ checked, value }) => checked && value);
      if (box && isFree) box.checked = true;
      return Boolean(box) && isFree;
    }
    const { iri, text, language } = parts(term);
    const entry = this.free(field, language) ?? (several !== undefined ? this.add(field) : null);
    if (!entry) return false;
    const control = controlOf(entry);
    if (how === "choice") control.value = term;
    else if (how === "pick") control.value = iri ? this.register.text(iri, field.dataset.folders) : "";
    else control.value = iri ?? text ?? "";
    if (how === "text" && !entry.dataset.language) entry.querySelector(".language").value = language;
    if (this.term(field, entry) === term) return true;
    control.value = "";
    return false;
  }

  free(field, language) {
    const open = [...field.querySelectorAll(":scope > .entries > .entry")].filter((entry) => !controlOf(entry).value);
    return open.find((entry) => !entry.dataset.language || entry.dataset.language === language);
  }

  // Everything written in a field: where, what, and the term that it makes; none when it makes no sense.
  values(field) {
    const boxes = [...field.querySelectorAll(":scope > .entries > .option input:checked")];
    const chosen = boxes.filter(({ value }) => value).map((control) => ({ control, text: control.value, term: control.value }));
    const entries = [...field.querySelectorAll(":scope > .entries > .entry")];
    const written = entries.map((entry) => ({ control: controlOf(entry), text: cleaned(controlOf(entry)), entry }));
    const filled = written.filter(({ text, control }) => text || control.validity.badInput);
    return [...chosen, ...filled.map((value) => ({ ...value, term: this.term(field, value.entry) }))];
  }

  term(field, entry) {
    const { how, types = "", folders } = field.dataset;
    const text = cleaned(controlOf(entry));
    if (how === "text") return literal(text, { language: entry.dataset.language ?? entry.querySelector(".language").value });
    if (how === "choice") return text;
    if (how === "pick") return this.register.find(text, folders);
    if (how === "yes") return literal(text, { datatype: `${XSD}boolean` });
    if (how === "address") return isAddress(text) ? node(text) : null;
    if (how === "number") return number(text, types);
    if (how === "date" || how === "when") return date(text, types);
    return literal(text);
  }

  // Makes triples of a scope and all parts in it; a part in which nothing stands is left out.
  triples(scope, subject, naming) {
    const found = [...(scope.kept ?? [])];
    for (const field of fieldsOf(scope)) {
      const path = node(field.dataset.path);
      if (field.dataset.how !== "part") {
        found.push(...this.values(field).filter(({ term }) => term).map(({ term }) => [subject, path, term]));
        continue;
      }
      for (const piece of piecesOf(field).filter((one) => !this.isEmpty(one))) {
        const part = node(`${naming.record}#${piece.dataset.part ?? naming.next(piece.dataset.kind)}`);
        found.push([subject, path, part], [part, TYPE, node(piece.dataset.type)], ...this.triples(piece, part, naming));
      }
    }
    return found;
  }

  isEmpty(piece) {
    const isBlank = (field) => (field.dataset.how === "part" ? piecesOf(field).every((one) => this.isEmpty(one)) : !this.values(field).length);
    return !piece.kept?.length && fieldsOf(piece).every(isBlank);
  }

  // Fills a scope from triples; what it cannot show is kept with it, and told.
  fill(scope, subject, state) {
    const own = state.triples.filter(([one, path]) => one === subject && !(path === TYPE));
    const fields = new Map(fieldsOf(scope).map((field) => [node(field.dataset.path), field]));
    scope.kept = [];
    for (const triple of own) {
      const field = fields.get(triple[1]);
      const isShown = field && (field.dataset.how === "part" ? this.fillPart(field, triple[2], state) : this.put(field, triple[2]));
      if (isShown) continue;
      scope.kept.push(triple);
      if (field) tellKept(field, triple[2], state.shown.has(triple[2]), this.words);
    }
  }

  fillPart(field, part, state) {
    const example = this.pieces.get(field.dataset.piece);
    const { iri } = parts(part);
    const types = state.triples.filter(([one, path]) => one === part && path === TYPE).map(([, , type]) => type);
    const isOwn = iri?.startsWith(`${state.record}#`) && types.length === 1 && types[0] === node(example.dataset.type);
    if (!isOwn || state.shown.has(part)) return false;
    state.shown.add(part);
    const piece = this.renewed(example.cloneNode(true));
    piece.dataset.part = iri.split("#")[1];
    field.querySelector(":scope > .entries").append(piece);
    // Its own fields come after all of these: a part that both have belongs here.
    state.queue.push([piece, part]);
    return true;
  }
}

export function fieldsOf(scope) {
  return [...scope.querySelectorAll(".asked[data-path]")].filter((field) => field.parentElement.closest(".piece, form") === scope);
}

export function piecesOf(field) {
  return [...field.querySelectorAll(":scope > .entries > .piece")];
}

export function controlOf(entry) {
  return entry.querySelector("input, textarea, select");
}

// Numbers the parts that have no name yet, after those that have.
export class Naming {
  constructor(record, taken) {
    Object.assign(this, { record, taken: new Set(taken) });
  }

  next(kind) {
    let number = 1;
    while (this.taken.has(`${kind[0]}${number}`)) number += 1;
    this.taken.add(`${kind[0]}${number}`);
    return `${kind[0]}${number}`;
  }
}

export function today() {
  const now = new Date();
  const two = (number) => String(number).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

function tellKept(field, term, isShown, words) {
  const { iri, text } = parts(term);
  const told = document.createElement("p");
  told.className = "kept quiet";
  told.textContent = isShown ? words.shared : words.kept.replace("{values}", () => iri ?? text ?? term);
  field.append(told);
}

// Without the signs that no text can hold, and the space around it.
function cleaned(control) {
  return control.value.replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]|\p{Cs}/gu, "").trim();
}

function isAddress(text) {
  return ADDRESS.test(text) && URL.canParse(text) && !/%(?![0-9A-Fa-f]{2})/.test(text);
}

function number(text, types) {
  const plain = text.replace(",", ".").replace(/\s/g, "");
  const may = (name) => types.split(" ").includes(XSD + name);
  if (/^[+-]?\d+$/.test(plain) && may("integer")) return literal(plain, { datatype: `${XSD}integer` });
  return /^[+-]?\d+(\.\d+)?$/.test(plain) && may("decimal") ? literal(plain, { datatype: `${XSD}decimal` }) : null;
}

function date(text, types) {
  const turned = text.replace(/^(\d{1,2})[-/](\d{1,2})[-/](\d{4})$/, (_, day, month, year) => `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`);
  const [name] = WHEN.find(([name, form]) => form.test(turned) && types.split(" ").includes(XSD + name)) ?? [];
  return name && (name !== "date" || isDay(turned)) ? literal(turned, { datatype: XSD + name }) : null;
}

function isDay(text) {
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}
