// Draws an answer to a SPARQL query as a table, and writes it as CSV.

// Draws the rows of an answer; `show` writes an address as a link to a page, or shorter.
export function draw({ vars, shown }, caption, show) {
  const table = make("table");
  const head = table.createTHead().insertRow();
  for (const name of vars) head.append(make("th", { scope: "col" }, name));
  const body = table.createTBody();
  for (const row of shown) {
    const line = body.insertRow();
    for (const name of vars) line.insertCell().append(...cell(row[name], show));
  }
  return make("div", { class: "wide", tabindex: "0", role: "region", "aria-label": caption }, table);
}

function cell(term, show) {
  if (!term) return [];
  if (term.type === "uri") return [show(term.value)];
  if (term.type === "bnode") return [`_:${term.value}`];
  if (term.type === "triple") return [Object.values(term.value).map(({ value }) => value).join(" ")];
  const lang = term["xml:lang"];
  if (!lang) return [term.value];
  return [make("span", { lang }, term.value), " ", make("span", { class: "number" }, lang)];
}

export function make(name, attributes = {}, ...content) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...content);
  return element;
}

// The rows as CSV, as the site writes them: values without their language or datatype, and a
// mark in front by which a spreadsheet knows the letters.
export function csv(json) {
  const { head, results } = JSON.parse(json);
  const rows = results.bindings.map((row) => head.vars.map((name) => plain(row[name])));
  return `\ufeff${[head.vars, ...rows].map(line).join("")}`;
}

function line(row) {
  // A line with nothing on it would be no row.
  const text = row.map((cell) => quoted(harmless(cell))).join(",");
  return `${text || '""'}\r\n`;
}

function plain(term) {
  if (!term) return "";
  return term.type === "bnode" ? `_:${term.value}` : term.value;
}

// A spreadsheet takes a cell that begins with one of these for a formula; a number is harmless.
function harmless(text) {
  return /^[=+\-@\t\r\n]/.test(text) && !/^[+-]?\d+(?:[.,]\d+)?$/.test(text) ? `'${text}` : text;
}

function quoted(text) {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
