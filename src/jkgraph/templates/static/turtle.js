// Reads N-Triples, and writes Turtle in the canonical form of the command line, sign for sign.
// A triple is three terms, each a text as N-Triples has it: <address> or "text"@language.

const XSD = "http://www.w3.org/2001/XMLSchema#";
export const TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>";
const LINE = /^(<[^>]*>|_:\S+) (<[^>]*>) (.+) \.$/s;
const LITERAL = /^"((?:[^"\\]|\\.)*)"(?:@(.+)|\^\^<(.+)>)?$/;
const LOCAL = /^[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?$/;
const ESCAPES = { "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\" };
const PLAIN = { b: "\b", t: "\t", n: "\n", f: "\f", r: "\r", '"': '"', "\\": "\\", "'": "'" };
// What Turtle reads back with the same datatype and the same text.
const SHORT = { boolean: /^(true|false)$/, integer: /^[+-]?[0-9]+$/, decimal: /^[+-]?[0-9]*\.[0-9]+$/ };

export function read(text) {
  return text.split("\n").filter(Boolean).map((line) => LINE.exec(line).slice(1));
}

export const node = (iri) => `<${iri}>`;

export function literal(text, { language, datatype } = {}) {
  if (language) return `${quote(text)}@${language}`;
  return datatype && datatype !== `${XSD}string` ? `${quote(text)}^^<${datatype}>` : quote(text);
}

// Takes a term apart: into an address, or a text with its language and datatype.
export function parts(term) {
  if (term.startsWith("<")) return { iri: term.slice(1, -1) };
  const found = LITERAL.exec(term);
  if (!found) return { blank: term };
  const text = found[1].replace(/\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))/g, (_, four, eight, sign) =>
    sign ? PLAIN[sign] : String.fromCodePoint(parseInt(four ?? eight, 16)),
  );
  return { text, language: found[2] ?? "", datatype: found[3] ?? "" };
}

export function write(triples, { prefixes, order, languages }) {
  const names = new Names(prefixes);
  const places = new Map(order.map((iri, place) => [node(iri), place]));
  const blocks = [...grouped(triples, 0)].sort(by(([subject]) => natural(subject))).map(([subject, said]) => {
    const properties = [...grouped(said, 1)].sort(by(([path]) => [path !== TYPE, places.get(path) ?? Infinity, path]));
    const lines = properties.map(([path, values]) => property(names, path, values, languages));
    return `${names.short(subject)} ${lines.join(" ;\n    ")} .`;
  });
  const header = names.header();
  return `${[header, ...blocks].filter(Boolean).join("\n\n")}\n`.replace(/[\x85\u2028\u2029]/g, escape);
}

function property(names, path, values, languages) {
  const written = [...new Set(values.map(([, , value]) => value))].map((value) => valued(names, value, languages));
  const texts = written.sort(by((keys) => keys)).map((keys) => keys.at(-1));
  return `${path === TYPE ? "a" : names.short(path)} ${texts.join(" ,\n        ")}`;
}

// A value as it is written, after what it is sorted by.
function valued(names, value, languages) {
  const { iri, text, language, datatype } = parts(value);
  if (iri !== undefined) return [0, 0, "", "", names.short(value)];
  const place = languages.indexOf(language);
  const rank = place < 0 ? languages.length : place;
  const name = datatype.startsWith(XSD) ? datatype.slice(XSD.length) : "";
  if (!datatype) return [1, rank, language, text, value];
  const written = SHORT[name]?.test(text) ? text : `${quote(text)}^^${names.short(node(datatype))}`;
  return [1, rank, language, text, written];
}

// Shortens addresses by prefixes, and remembers which prefixes that took.
class Names {
  constructor(prefixes) {
    this.prefixes = Object.entries(prefixes).sort(by(([prefix, iri]) => [-iri.length, prefix]));
    this.used = new Map();
  }

  short(term) {
    const iri = term.slice(1, -1);
    for (const [prefix, start] of this.prefixes) {
      if (iri.startsWith(start) && LOCAL.test(iri.slice(start.length))) {
        this.used.set(prefix, start);
        return `${prefix}:${iri.slice(start.length)}`;
      }
    }
    return term;
  }

  header() {
    const used = [...this.used].sort(by(([prefix]) => [prefix]));
    return used.map(([prefix, iri]) => `@prefix ${prefix}: <${iri}> .`).join("\n");
  }
}

function grouped(triples, place) {
  const found = new Map();
  for (const triple of triples) {
    if (!found.has(triple[place])) found.set(triple[place], []);
    found.get(triple[place]).push(triple);
  }
  return found;
}

// What puts c9 before c10, and a record before its parts.
function natural(subject) {
  const [, head, number] = /^(.*?)([0-9]*)$/s.exec(subject.slice(1, -1));
  return [head, Number(number), subject];
}

function quote(text) {
  return `"${text.replace(/[\x00-\x1f"\\\x7f\ufffe\uffff]/g, (sign) => ESCAPES[sign] ?? escape(sign))}"`;
}

function escape(sign) {
  return `\\u${sign.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
}

function by(keys) {
  return (one, other) => compare(keys(one), keys(other));
}

function compare(one, other) {
  for (const [i, value] of one.entries()) {
    const order = typeof value === "string" ? compareTexts(value, other[i]) : value - other[i] || 0;
    if (order) return order;
  }
  return 0;
}

// By code points, where JavaScript goes by halves of them.
function compareTexts(one, other) {
  if (one === other) return 0;
  const [mine, theirs] = [[...one], [...other]];
  const place = mine.findIndex((sign, i) => sign !== theirs[i]);
  if (place < 0) return -1;
  return place >= theirs.length ? 1 : mine[place].codePointAt(0) - theirs[place].codePointAt(0);
}
