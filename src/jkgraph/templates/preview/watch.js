// Only in the preview that watches the files: loads the page again when they change, and shows
// what the checks say of them in a panel. A page that somebody has typed in is left alone.

const panel = document.getElementById("preview");
const [status, box, { dataset: words }] = panel.children;
const list = box.querySelector("ol");
const KEPT = "preview-closed";

let source;
let edited = false;

function follow() {
  source = new EventSource("/_preview/events");
  source.addEventListener("message", ({ data }) => take(JSON.parse(data)));
}

function take({ version, findings }) {
  if (version === panel.dataset.version) show(findings);
  else if (!edited) location.reload();
}

function show(findings) {
  const told = JSON.stringify(findings);
  box.hidden = findings.length === 0 || sessionStorage.getItem(KEPT) === told;
  box.dataset.told = told;
  const text = findings.length === 1 ? words.one : words.many.replace("{count}", findings.length);
  status.textContent = box.hidden ? "" : text;
  list.replaceChildren(...findings.map(item));
}

function item({ place, text }) {
  const line = document.createElement("li");
  if (place) line.append(Object.assign(document.createElement("code"), { textContent: place }), " ");
  line.append(text[document.documentElement.lang] ?? Object.values(text)[0]);
  return line;
}

box.querySelector("button").addEventListener("click", () => {
  sessionStorage.setItem(KEPT, box.dataset.told);
  box.hidden = true;
  status.textContent = "";
});
document.addEventListener("input", () => {
  edited = true;
});
// A browser keeps few connections to one host: a page that nobody sees gives its own back.
document.addEventListener("visibilitychange", () => {
  if (document.hidden) source.close();
  else follow();
});
follow();
