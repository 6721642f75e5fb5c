/* Lets a reader choose items from the table of a cover, and shows at once which needs these meet.
   The page brings everything: items and needs stand in it, words in its attributes and template.
   A choice is kept in the address, as #item=one&item=other; nothing is sent or stored. */

for (const root of document.querySelectorAll(".cover")) start(root);

function start(root) {
  const cover = read(root);
  root.prepend(root.querySelector("template").content.cloneNode(true));
  root.querySelector(".outcome").prepend(root.querySelector(".chosen"));
  root.classList.add("on");
  root.querySelector(".all").open = false;
  cover.chosen = new Set();
  addItems(cover);
  addNeeds(cover);
  listen(cover);
  restore(cover);
}

/* What the table and the lists of needs hold. */

function read(root) {
  const heads = [...root.querySelectorAll("thead th")];
  const lists = [...root.querySelectorAll(".needs ul")];
  const groups = lists.map((list, place) => ({
    label: heads[place].textContent,
    list,
    needs: [...list.children].map((line) => ({ line, label: line.textContent, by: [] })),
  }));
  const cover = { root, words: root.dataset, groups, items: [], more: heads.slice(lists.length) };
  for (const row of root.querySelectorAll("tr[data-item]")) cover.items.push(readItem(cover, row));
  return cover;
}

function readItem({ groups }, row) {
  const cells = [...row.cells].slice(1);
  const section = row.parentElement.querySelector(".section")?.textContent ?? "";
  const told = [row.cells[0], ...cells.slice(0, groups.length)].map((cell) => cell.textContent);
  const item = {
    key: row.dataset.item,
    head: row.cells[0],
    label: row.cells[0].textContent,
    section,
    more: cells.slice(groups.length),
    text: plain([section, ...told].join(" ")),
  };
  groups.forEach(({ needs }, place) => {
    for (const met of (cells[place].dataset.met ?? "").split(" ").filter(Boolean)) {
      needs[met].by.push(item);
    }
  });
  return item;
}

function plain(text) {
  return text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");
}

/* Elements. */

function make(name, properties = {}, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

function copyOf(element) {
  return element.cloneNode(true).childNodes;
}

function say(pattern, values) {
  return pattern.replace(/\{(\w+)\}/g, (gap, name) => values[name] ?? gap);
}

/* The list to choose from: sections that fold, with a box for every item. */

function addItems(cover) {
  const place = cover.root.querySelector(".items");
  const labels = [...new Set(cover.items.map((item) => item.section))];
  cover.sections = labels.map((label, number) => {
    const items = cover.items.filter((item) => item.section === label);
    const id = `cover-section-${number}`;
    const list = make("ul", {}, ...items.map(addItem));
    list.setAttribute("aria-labelledby", id);
    const count = make("span", { className: "number" });
    const name = make("span", { id, textContent: label });
    const fold = make("details", { open: !label }, make("summary", {}, name, " ", count), list);
    place.append(fold);
    return { fold, items, count };
  });
}

function addItem(item) {
  item.box = make("input", { type: "checkbox", value: item.key });
  item.line = make("li", {}, make("label", {}, item.box, " ", item.label));
  return item.line;
}

/* The choice of a need, and per group the lists of needs that are met and that are not. */

function addNeeds(cover) {
  const only = cover.root.querySelector("#cover-only");
  cover.groups.forEach((group, place) => {
    const options = make("optgroup", { label: group.label });
    group.needs.forEach((need, number) => {
      need.value = `${place} ${number}`;
      options.append(new Option(`${need.label} (${need.by.length})`, need.value));
      need.names = make("span", { className: "by" });
      need.show = make("button", { type: "button", className: "show", value: need.value });
      need.show.textContent = say(cover.words.show, { number: need.by.length });
      need.show.setAttribute("aria-label", `${need.show.textContent}: ${need.label}`);
      need.line.append(" ", need.names, need.show);
    });
    only.append(options);
    group.met = make("ul", { className: "met" });
    group.tally = make("h4");
    group.rest = make("summary");
    group.unmet = make("details", { className: "unmet", open: group.needs.length < 25 }, group.rest);
    group.list.before(group.tally, group.met, group.unmet);
    group.unmet.append(group.list);
  });
}

/* What a reader does. */

function listen(cover) {
  const { root, words } = cover;
  const form = root.querySelector(".choose");
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", ({ target }) => {
    if (target.type !== "checkbox") return later(cover, () => narrow(cover, true));
    const item = cover.items.find((one) => one.box === target);
    choose(cover, item, target.checked);
  });
  root.querySelector(".chosen ul").addEventListener("click", ({ target }) => {
    if (target.value) takeAway(cover, target);
  });
  root.querySelector(".needs").addEventListener("click", ({ target }) => {
    if (target.classList.contains("show")) showOnly(cover, target.value);
  });
  root.querySelector(".clear").addEventListener("click", () => {
    cover.chosen.clear();
    draw(cover);
    tell(cover, words.cleared);
    see(cover);
  });
  root.querySelector(".copy").addEventListener("click", () => copy(cover));
  root.querySelector(".see").addEventListener("click", () => see(cover));
  // A link to a place on the page takes the choice out of the address; drawing puts it back.
  addEventListener("hashchange", () => restore(cover));
}

function see({ root }) {
  root.querySelector("#cover-chosen").focus();
}

function later(cover, act) {
  clearTimeout(cover.timer);
  cover.timer = setTimeout(act, 250);
}

function choose(cover, item, wanted) {
  if (wanted) cover.chosen.add(item);
  else cover.chosen.delete(item);
  draw(cover);
  tell(cover, say(wanted ? cover.words.added : cover.words.removed, { item: item.label }), counts(cover));
}

/* The button goes with its item, so the next one takes the focus. */
function takeAway(cover, button) {
  const buttons = [...cover.root.querySelectorAll(".chosen li button")];
  const place = buttons.indexOf(button);
  choose(cover, cover.items.find((item) => item.key === button.value), false);
  const left = cover.root.querySelectorAll(".chosen li button");
  if (left.length) left[Math.min(place, left.length - 1)].focus();
  else see(cover);
}

function showOnly(cover, value) {
  const only = cover.root.querySelector("#cover-only");
  cover.root.querySelector("#cover-filter").value = "";
  only.value = value;
  narrow(cover, true);
  only.focus();
}

function narrow(cover, aloud) {
  const words = plain(cover.root.querySelector("#cover-filter").value).split(/\s+/).filter(Boolean);
  const [group, need] = cover.root.querySelector("#cover-only").value.split(" ");
  const among = group ? cover.groups[group].needs[need].by : cover.items;
  const shown = new Set(among.filter((item) => words.every((word) => item.text.includes(word))));
  const narrowed = shown.size < cover.items.length;
  for (const item of cover.items) item.line.hidden = !shown.has(item);
  for (const { fold, items, count } of cover.sections) {
    const here = items.filter((item) => shown.has(item)).length;
    fold.hidden = !here;
    count.textContent = here;
    if (narrowed !== cover.narrowed || narrowed) fold.open = narrowed || cover.sections.length === 1;
  }
  cover.narrowed = narrowed;
  const hits = say(cover.words.hits, { shown: shown.size, all: cover.items.length });
  cover.root.querySelector(".shown").textContent = hits;
  if (aloud) tell(cover, hits);
}

function tell({ root }, ...sentences) {
  root.querySelector("[role=status]").textContent = sentences.join(" ");
}

function counts({ groups }) {
  return groups.map((group) => `${group.count}.`).join(" ");
}

async function copy(cover) {
  const link = cover.root.querySelector("#cover-link");
  link.select();
  try {
    await navigator.clipboard.writeText(link.value);
    tell(cover, cover.words.copied);
  } catch {
    // Some browsers and hosts do not allow it; then the reader copies what is selected.
    link.focus();
  }
}

/* The choice in the address. */

function keys(hash) {
  const given = hash.startsWith("#item=") ? new URLSearchParams(hash.slice(1)) : null;
  return given && [...new Set(given.getAll("item"))];
}

function restore(cover) {
  const wanted = keys(location.hash);
  if (wanted) cover.chosen = new Set(cover.items.filter((item) => wanted.includes(item.key)));
  draw(cover);
  if (!wanted) return;
  const known = cover.items.map((item) => item.key);
  const unknown = wanted.filter((key) => !known.includes(key)).join(", ");
  tell(cover, counts(cover), unknown && say(cover.words.unknown, { items: unknown }));
}

function address({ chosen }) {
  const hash = [...chosen].map((item) => `item=${encodeURIComponent(item.key)}`).join("&");
  return location.href.replace(/#.*$/s, "") + (hash && `#${hash}`);
}

/* What follows from the choice. */

function draw(cover) {
  for (const item of cover.items) item.box.checked = cover.chosen.has(item);
  drawChosen(cover);
  for (const group of cover.groups) drawGroup(cover, group);
  drawMore(cover);
  narrow(cover, false);
  const kept = keys(location.hash) ?? cover.chosen.size;
  if (kept) history.replaceState(null, "", address(cover));
}

function drawChosen(cover) {
  const { root, words, chosen } = cover;
  const lines = [...chosen].map((item) => {
    const button = make("button", { type: "button", value: item.key, textContent: "×" });
    button.setAttribute("aria-label", say(words.remove, { item: item.label }));
    return make("li", {}, make("span", {}, ...copyOf(item.head)), " ", button);
  });
  root.querySelector(".chosen ul").replaceChildren(...lines);
  root.querySelector(".chosen .none").hidden = chosen.size > 0;
  root.querySelector(".chosen .tools").hidden = chosen.size === 0;
  root.querySelector("#cover-link").value = address(cover);
  root.classList.toggle("some", chosen.size > 0);
  const example = [...root.querySelectorAll("a[data-note]")].find((link) => isChosen(cover, link));
  const notice = root.querySelector(".chosen .notice");
  notice.hidden = !example;
  notice.textContent = example?.dataset.note ?? "";
}

function isChosen({ chosen }, link) {
  const wanted = keys(link.hash);
  return wanted.length === chosen.size && [...chosen].every((item) => wanted.includes(item.key));
}

function drawGroup({ chosen, words }, group) {
  const { label, needs, met, list, unmet } = group;
  for (const need of needs) {
    const by = need.by.filter((item) => chosen.has(item)).map((item) => item.label);
    need.names.textContent = by.length ? say(words.by, { items: by.join(", ") }) : "";
    need.show.hidden = by.length > 0;
    (by.length ? met : list).append(need.line);
  }
  const tally = (name, lines) =>
    say(words.tally, { group: name, met: lines.children.length, all: needs.length });
  group.count = tally(label, met);
  group.tally.textContent = tally(words.met, met);
  group.rest.textContent = tally(words.unmet, list);
  unmet.hidden = !list.children.length;
}

/* The other columns of the table, for the items that are chosen. */

function drawMore(cover) {
  const { root, words, chosen, more } = cover;
  root.querySelector(".further")?.remove();
  const sections = more.map((head, place) => {
    const told = [...chosen].filter((item) => item.more[place].childNodes.length);
    const lines = told.map((item) => make("li", {}, make("b", {}, `${item.label}: `), ...copyOf(item.more[place])));
    if (!lines.length) return "";
    return make("section", {}, make("h2", {}, head.textContent), make("ul", {}, ...lines));
  });
  const further = make("div", { className: "further" }, ...sections);
  root.querySelector(".needs").after(further);
  const pages = new Set([...chosen].map((item) => item.head.querySelector("a")?.href));
  for (const link of further.querySelectorAll("li a")) {
    if (pages.has(link.href)) link.after(" ", `(${words.both})`);
  }
}
