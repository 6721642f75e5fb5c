// What is wrong in a form, in words: which control, and what to do. Only what the shape asks.

import { controlOf, fieldsOf, piecesOf } from "./form-fields.js";
import { parts } from "./turtle.js";

// Gives all faults of a scope and of the parts in it.
export function faults(fields, scope, say) {
  const found = fieldsOf(scope).flatMap((field) => (field.dataset.how === "part" ? ofParts(fields, field, say) : ofField(fields, field, say)));
  return [...found, ...ofPassage(fields, scope, say)];
}

function ofParts(fields, field, say) {
  const { label, needed } = field.dataset;
  const pieces = piecesOf(field);
  const filled = pieces.filter((piece) => !fields.isEmpty(piece));
  if (filled.length || needed === undefined) return filled.flatMap((piece) => faults(fields, piece, say));
  if (pieces.length) return faults(fields, pieces[0], say);
  return [{ control: field.querySelector(".add"), text: say("part-empty", { name: label }) }];
}

function ofField(fields, field, say) {
  const values = fields.values(field);
  const wrong = values.map(({ control, text, term }) => ({ control, text: ofValue(field, text, term, say) }));
  return [...missing(field, values, say), ...wrong.filter(({ text }) => text)];
}

function missing(field, values, say) {
  const { label: name, needed } = field.dataset;
  if (needed === undefined) return [];
  const entries = [...field.querySelectorAll(":scope > .entries > [data-language][data-needed]")];
  const empty = entries.map(controlOf).filter((control) => !values.some((value) => value.control === control));
  if (entries.length) {
    return empty.map((control) => ({ control, text: say("missing-language", { name, language: control.labels[0].firstChild.data.trim() }) }));
  }
  return values.length ? [] : [{ control: field.querySelector("input, textarea, select"), text: say("missing", { name }) }];
}

function ofValue(field, written, term, say) {
  const { how, label: name, longest, message = "", pattern, shortest } = field.dataset;
  if (term === null) return say(how, { name, value: written, message });
  const { iri, text = iri } = parts(term);
  const length = [...text].length;
  if (shortest && length < shortest) return say("short", { name, length, limit: shortest });
  if (longest && length > longest) return say("long", { name, length, limit: longest });
  if (pattern && !fits(pattern, text)) return say("line", { name, message });
  return how === "number" ? ofSize(field, Number(text), say) : "";
}

// A form that this browser cannot read is left to those who check the file.
function fits(pattern, text) {
  try {
    return new RegExp(pattern, "u").test(text);
  } catch {
    return true;
  }
}

function ofSize(field, size, say) {
  const { above, below, label: name, least, most } = field.dataset;
  if (size < least || size <= above) return say("too-small", { name, limit: least ?? `> ${above}` });
  return size > most || size >= below ? say("too-large", { name, limit: most ?? `< ${below}` }) : "";
}

// A part that says where something stands must say one way or another where in it.
function ofPassage(fields, scope, say) {
  const paths = scope.dataset.oneOf?.split(" ") ?? [];
  const asked = fieldsOf(scope).filter(({ dataset }) => paths.includes(dataset.path));
  if (!asked.length || asked.some((field) => fields.values(field).length)) return [];
  const names = asked.map(({ dataset }) => dataset.label).join(", ");
  return [{ control: controlOf(asked[0]), text: say("one-of", { names }) }];
}
