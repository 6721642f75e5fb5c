// The names of what there is: to pick from, to make an address, and to see what is there already.

import { node } from "./turtle.js";

// Shorter names differ by one letter without being alike.
const SHORTEST = 6;
const MANY = 5;

export class Register {
  constructor(root, model) {
    Object.assign(this, { root, model, loads: new Map(), lists: new Map() });
  }

  // Gives the rows of a kind (address, name, other names) and the slugs that are gone.
  async load(folder) {
    if (!this.loads.has(folder)) this.loads.set(folder, await fetched(`${this.root}contribute/${folder}.json`));
    return this.loads.get(folder);
  }

  // Gives what can be picked from some kinds: each text, and the address it stands for.
  async choices(folders) {
    if (!this.lists.has(folders)) {
      const rows = await Promise.all(folders.split(" ").map((name) => this.rows(name)));
      this.lists.set(folders, choices(rows.flat()));
    }
    return this.lists.get(folders);
  }

  async rows(folder) {
    const { rows } = await this.load(folder);
    const start = this.model.records;
    const address = (local) => (local.includes("/") ? `${start}${local}` : `${start}${folder}/${local}`);
    return rows.map(([local, ...names]) => ({ iri: address(local), names, kind: this.model.kinds[folder] ?? folder }));
  }

  // Reads what somebody picked: a name, or the compact name of what is not published yet.
  find(text, folders) {
    const found = this.lists.get(folders)?.byText.get(text);
    if (found) return found;
    const [, folder, slug] = /^([a-z-]+):([a-z0-9-]+)$/.exec(text) ?? [];
    return folder && folders.split(" ").includes(folder) ? node(`${this.model.records}${folder}/${slug}`) : null;
  }

  // The text that stands for an address in a list to pick from.
  text(iri, folders) {
    const own = iri.slice(this.model.records.length);
    return this.lists.get(folders)?.byAddress.get(node(iri)) ?? own.replace("/", ":");
  }

  // Gives the records of this kind that are called nearly the same.
  async alike(name) {
    const wanted = forms(name);
    const words = significant(name);
    if (!words.length) return [];
    const rows = await this.rows(this.model.folder);
    return rows.filter(({ names }) => names.some((other) => isAlike(wanted, words, other))).slice(0, MANY);
  }

  async isTaken(slug) {
    const { rows, gone } = await this.load(this.model.folder);
    return gone.includes(slug) || rows.some(([local]) => local === slug);
  }
}

async function fetched(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer.json();
}

// A name that two things have gets the kind behind it, or else the address.
function choices(rows) {
  const byText = new Map();
  const byAddress = new Map();
  const times = new Map();
  const count = (text) => times.set(text, (times.get(text) ?? 0) + 1);
  rows.forEach(({ names, kind }) => [names[0], `${names[0]} (${kind})`].forEach(count));
  for (const { iri, names, kind } of rows) {
    const full = `${names[0]} (${kind})`;
    const text = [names[0], full].find((one) => times.get(one) === 1) ?? `${full} ${iri}`;
    byText.set(text, node(iri));
    byAddress.set(node(iri), text);
    for (const other of names.slice(1)) {
      const shown = `${other} (${text})`;
      if (!byText.has(shown)) byText.set(shown, node(iri));
    }
  }
  return { byText, byAddress };
}

export function slugify(name, { longest, reserved }) {
  const plain = name.normalize("NFKD").replace(/[^\x00-\x7f]/g, "").toLowerCase();
  let slug = (plain.match(/[a-z0-9]+/g) ?? []).join("-");
  if (slug.length > longest) {
    const cut = slug.slice(0, longest + 1);
    slug = cut.includes("-") ? cut.slice(0, cut.lastIndexOf("-")) : slug.slice(0, longest);
  }
  return reserved.includes(slug) ? `${slug}-1` : slug;
}

export function isSlug(slug, { longest, reserved }) {
  return /^[a-z0-9]+(-[a-z0-9]+)*$/.test(slug) && slug.length <= longest && !reserved.includes(slug);
}

function isAlike(wanted, words, other) {
  if ([...forms(other)].some((form) => wanted.has(form))) return true;
  const others = significant(other);
  const [few, many] = words.length < others.length ? [words, others] : [others, words];
  return few.length > 1 && few.every((word) => many.includes(word));
}

function significant(name) {
  return bare(name).split(" ").filter((word) => word.length > 3);
}

// The bare name, its words in order, and the name without each of its letters.
function forms(name) {
  const words = bare(name).split(" ").filter(Boolean);
  const whole = words.join("");
  if (whole.length < SHORTEST) return new Set([whole]);
  const may = words.flatMap((word) => [...word].map(() => /^\p{L}+$/u.test(word)));
  const shorter = [...whole].flatMap((_, i) => (may[i] ? [whole.slice(0, i) + whole.slice(i + 1)] : []));
  return new Set([whole, [...words].sort().join(" "), ...shorter]);
}

function bare(name) {
  return name.normalize("NFKD").toLowerCase().replace(/[^\p{L}\p{N} ]/gu, "");
}
