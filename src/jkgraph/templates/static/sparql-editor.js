// Makes an editor of a text field: colours, line numbers, undo. Tab still leaves it.
import {
  EditorState, EditorView, HighlightStyle, bracketMatching, defaultKeymap, ensureSyntaxTree,
  history, historyKeymap, keymap, lineNumbers, look, sparql, syntaxHighlighting, tags,
} from "./vendor/codemirror/codemirror.js";

const LOOK = look({
  "&": { color: "var(--ink)", backgroundColor: "var(--paper)", border: "1px solid var(--quiet)", borderRadius: "var(--round)" },
  "&.cm-focused": { outline: "3px solid var(--focus)", outlineOffset: "1px" },
  ".cm-scroller": { fontFamily: "var(--font-code)", lineHeight: "1.5", minHeight: "12rem", overflow: "hidden" },
  ".cm-content": { padding: "0.6rem 0", caretColor: "var(--ink)" },
  ".cm-line": { padding: "0 0.75rem 0 0.5rem" },
  ".cm-gutters": { color: "var(--quiet)", backgroundColor: "transparent", border: "none" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "transparent", outline: "1px solid var(--quiet)" },
});

const COLOURS = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--link)", fontWeight: "600" },
  { tag: [tags.variableName], color: "var(--variable)" },
  { tag: [tags.string, tags.number, tags.bool], color: "var(--literal)" },
  { tag: tags.comment, color: "var(--quiet)", fontStyle: "italic" },
]);

// Returns the editor as something with a text, in the place of the field.
export function edit(field, label, run) {
  const host = document.createElement("div");
  const root = host.attachShadow({ mode: "open" });
  const view = new EditorView({ root, parent: root, state: state(field, label, run) });
  field.before(host);
  field.hidden = true;
  label.addEventListener("click", () => view.focus());
  return {
    get text() { return view.state.doc.toString(); },
    set text(insert) { view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert } }); },
    // Goes to the first fault that the editor sees, else to the given place; returns where it is.
    goTo({ line, column }) {
      const at = firstFault(view.state) ?? place(view.state.doc, line, column);
      view.dispatch({ selection: { anchor: at }, scrollIntoView: true });
      const found = view.state.doc.lineAt(at);
      return { line: found.number, column: at - found.from + 1 };
    },
  };
}

function state(field, label, run) {
  const attributes = {
    "aria-label": label.textContent,
    "aria-description": document.getElementById(field.getAttribute("aria-describedby")).textContent,
    spellcheck: "false",
  };
  return EditorState.create({
    doc: field.value.trimEnd(),
    extensions: [
      lineNumbers(), history(), bracketMatching(), sparql(), LOOK, syntaxHighlighting(COLOURS),
      EditorView.lineWrapping, EditorView.contentAttributes.of(attributes),
      EditorView.domEventHandlers({ beforeinput: typeOver }),
      keymap.of([{ key: "Mod-Enter", run: () => run() ?? true }, ...defaultKeymap, ...historyKeymap]),
    ],
  });
}

// A browser marks up what is typed over a selection, which the policy of the page refuses.
function typeOver(event, view) {
  if (event.inputType !== "insertText" || !event.data || view.state.selection.main.empty) return false;
  view.dispatch(view.state.replaceSelection(event.data), { userEvent: "input.type", scrollIntoView: true });
  event.preventDefault();
  return true;
}

function firstFault(state) {
  const found = [];
  ensureSyntaxTree(state, state.doc.length)?.iterate({
    enter: ({ type, from }) => void (type.isError && found.push(from)),
  });
  return found[0];
}

function place(doc, line, column) {
  const found = doc.line(Math.min(Math.max(line, 1), doc.lines));
  return Math.min(found.from + column - 1, found.to);
}
