// The newsroom's own nodes of the body editor: values from the data, extracts of a classification, pictures of the
// library, quotations with their source; the dialogs that insert them; and below the editor what stands against them.
// The editor imports this module by itself (`articles.body_widget`). Without script the text is plain HTML in a field.

import { Node } from "django-prose-editor/editor";

const { words, addresses } = JSON.parse(document.getElementById("body-nodes").textContent);
const PATIENCE = 180; // milliseconds of silence before a search is sent
const REPORT_PATIENCE = 700;

// What the server last said of the nodes in the text, and who wants to hear of it.
let known = { values: new Map(), extracts: {}, pictures: {} };
const listeners = new Set();

function say(key, values = {}) {
  return words[key].replace(/%\((\w+)\)s/g, (_, name) => values[name] ?? "");
}

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === undefined || value === null) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

async function ask(address, query = {}) {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) for (const one of [value].flat()) search.append(name, one);
  const answer = await fetch(`${address}?${search}`, { redirect: "error" });
  if (!answer.ok) throw new Error(answer.status);
  return answer.json();
}

async function send(address, values) {
  const body = new FormData();
  for (const [name, value] of Object.entries(values)) body.append(name, value);
  const token = document.querySelector("[name='csrfmiddlewaretoken']").value;
  const answer = await fetch(address, { method: "POST", body, headers: { "X-CSRFToken": token }, redirect: "error" });
  if (!answer.ok) throw new Error(answer.status);
  return answer.json();
}

function fieldValue(name) {
  return document.getElementById(`id_${name}`)?.value ?? "";
}

function chosenEvents() {
  const options = document.querySelectorAll("#id_lead_event option, #id_further_events option");
  return [...new Set([...options].filter((one) => one.selected && one.value).map((one) => one.value))];
}

// ------------------------------------------------------------------ dialogs

let dialogs = 0;

// A dialog beside the form, for Enter in it must not send the form. Closing it gives the focus back to the text.
function open(title, editor, ...children) {
  const id = `node-dialog-${++dialogs}`;
  const heading = make("h2", { id }, title);
  const dialog = make("dialog", { class: "node-dialog", "aria-labelledby": id }, heading, ...children);
  dialog.addEventListener("close", () => {
    editor.view.focus(); // at once: who types on loses no letter
    dialog.remove();
  });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

function field(label, control, hint) {
  const id = `node-field-${++dialogs}`;
  control.id = id;
  const help = hint ? make("p", { class: "help", id: `${id}-help` }, hint) : null;
  if (help) control.setAttribute("aria-describedby", help.id);
  return make("div", { class: "node-field" }, make("label", { for: id }, label), control, help);
}

function buttons(...acts) {
  return make("div", { class: "node-buttons" }, ...acts);
}

function cancelButton() {
  return make("button", { type: "button", onclick: (event) => event.target.closest("dialog").close() }, words.cancel);
}

// A field that searches and a list below it: arrow keys choose, Enter takes, so does a click. Enter means the words that
// stand there: where their hits are still to come it waits for them, and `goOn` gets what is typed meanwhile.
function searchBox({ label, hint, find, draw, take, goOn = () => {} }) {
  const listId = `node-list-${++dialogs}`;
  const list = make("ul", { id: listId, role: "listbox", "aria-label": label, class: "node-list" });
  const status = make("p", { class: "node-status", role: "status" });
  const input = make("input", {
    type: "search", role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-expanded": "true",
    "aria-controls": listId,
  });
  let hits = [];
  let current = -1;
  let asked = 0;
  let timer;
  let typedOn = null; // while Enter waits

  function mark(index) {
    current = index;
    [...list.children].forEach((item, place) => item.setAttribute("aria-selected", String(place === index)));
    const item = list.children[index];
    if (item) {
      input.setAttribute("aria-activedescendant", item.id);
      item.scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  }

  async function search() {
    const number = ++asked;
    let found;
    try {
      found = await find(input.value);
    } catch {
      found = { hits: [], note: words.unreachable };
    }
    if (number !== asked) return; // somebody typed on
    hits = found.hits;
    list.replaceChildren(
      ...hits.map((hit, index) =>
        make("li", { id: `${listId}-${index}`, role: "option", "aria-selected": "false", onclick: () => take(hit) }, ...draw(hit)),
      ),
    );
    status.textContent = found.note ?? (hits.length ? say("hits", { count: hits.length }) : words.nothing);
    mark(hits.length ? 0 : -1);
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(search, PATIENCE);
  });
  input.addEventListener("keydown", async (event) => {
    if (typedOn !== null) {
      if (event.key === "Escape") return;
      event.preventDefault();
      const isSign = event.key.length === 1 && (!(event.ctrlKey || event.metaKey) || event.getModifierState("AltGraph"));
      if (event.key === "Backspace") typedOn = typedOn.slice(0, -1);
      else if (isSign) typedOn += event.key;
      return;
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && hits.length) {
      event.preventDefault();
      mark((current + step + hits.length) % hits.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (timer) {
        clearTimeout(timer);
        timer = undefined;
        typedOn = "";
        input.readOnly = true;
        await search();
        input.readOnly = false;
        if (!input.isConnected) return; // closed meanwhile
      }
      const rest = typedOn ?? "";
      typedOn = null;
      if (!hits[current]) return;
      take(hits[current]);
      if (rest) goOn(rest);
    }
  });
  search();
  return { element: make("div", { class: "node-search" }, field(label, input, hint), status, list), input };
}

function badge(text) {
  return make("span", { class: "node-badge" }, text);
}

function insertValue(editor) {
  const box = searchBox({
    label: words.valueSearch,
    hint: words.valueHint,
    async find(query) {
      const found = await ask(addresses.facts, { event: chosenEvents(), q: query, language: fieldValue("language") });
      return { hits: found.hits, note: found.has_events ? undefined : words.noEvents };
    },
    draw: (hit) => [
      make("strong", {}, hit.text), " ", make("span", {}, hit.about), hit.is_public ? null : badge(words.hidden),
    ],
    take(hit) {
      editor.commands.insertContent({
        type: "dataValue", attrs: { reference: hit.reference, value: hit.value, text: hit.text },
      });
      dialog.close();
    },
    goOn: (text) => editor.commands.insertContent({ type: "text", text }),
  });
  const dialog = open(words.valueTitle, editor, box.element, buttons(cancelButton()));
  box.input.focus();
}

// As Python's `quote` with nothing kept, for the reference is compared as it is written.
function quote(text) {
  return encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

function unquote(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function askedOf(reference) {
  const [base, question = ""] = (reference ?? "").split("?");
  return { base, ...Object.fromEntries(question.split(";").filter(Boolean).map((part) => part.split("="))) };
}

async function insertExtract(editor) {
  const events = chosenEvents();
  let extracts = [];
  let note = words.noEvents;
  if (events.length) {
    try {
      extracts = (await ask(addresses.facts, { event: events, q: "-", extracts: 1 })).extracts;
      note = words.noResults;
    } catch {
      note = words.unreachable;
    }
  }
  const old = selected(editor, "extract");
  const asked = askedOf(old?.attrs.reference);
  if (!extracts.length) {
    const dialog = open(words.extractTitle, editor, make("p", { role: "status" }, note), buttons(cancelButton()));
    dialog.querySelector("button").focus();
    return;
  }
  const session = make("select", {}, ...extracts.map((one, index) =>
    make("option", { value: index, selected: one.reference === asked.base || (one.kind === "table" && asked.base.startsWith(one.reference)) },
      one.is_public ? one.name : `${one.name} (${words.hidden})`)));
  const classes = make("select");
  const cars = make("input", { type: "text", value: unquote(asked.cars ?? "").replaceAll(",", ", "), autocomplete: "off" });
  const around = make("input", { type: "text", value: unquote(asked.base.startsWith("table:") ? asked.base.split("!")[3] ?? "" : ""), autocomplete: "off" });
  const rows = make("input", { type: "number", min: 1, max: 100, value: asked.rows ?? 10, required: true });
  const caption = make("input", { type: "text", value: old?.attrs.caption ?? "", maxlength: 200, autocomplete: "off" });

  function fillClasses() {
    const names = extracts[session.value].classes;
    const wanted = unquote(asked.class ?? "");
    classes.replaceChildren(make("option", { value: "" }, words.allClasses),
      ...names.map((name) => make("option", { value: name, selected: name === wanted }, name)));
  }
  // Of a table there are no classes and cars, of a title no rows either.
  const only = {
    result: [field(words.onlyClass, classes), field(words.onlyCars, cars, words.carsHint)],
    table: [field(words.rowsAround, around, words.aroundHint)],
  };
  const count = field(words.rows, rows);
  function showFields() {
    const { kind = "result" } = extracts[session.value];
    for (const [name, fields] of Object.entries(only)) for (const one of fields) one.hidden = name !== kind;
    count.hidden = kind === "title";
  }
  fillClasses();
  showFields();
  session.addEventListener("change", () => (fillClasses(), showFields()));

  const form = make("form", {},
    field(words.session, session), ...only.result, ...only.table, count, field(words.heading, caption, words.headingHint),
    buttons(make("button", { type: "submit", class: "default" }, old ? words.apply : words.insert), cancelButton()));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const numbers = [...new Set(cars.value.split(/[,;\s]+/).map((car) => car.replace(/^#+/, "")).filter(Boolean))];
    const { kind = "result", reference: base } = extracts[session.value];
    const question = [
      kind === "result" && classes.value && `class=${quote(classes.value)}`,
      kind === "result" && numbers.length && `cars=${numbers.map(quote).join(",")}`,
      kind !== "title" && Number(rows.value) !== 10 && `rows=${Number(rows.value)}`,
    ].filter(Boolean).join(";");
    const whom = kind === "table" ? quote(around.value.trim()) : "";
    const reference = base + whom + (question ? `?${question}` : "");
    editor.commands.insertContent({ type: "extract", attrs: { reference, caption: caption.value.trim() } });
    dialog.close();
  });
  const dialog = open(words.extractTitle, editor, form);
  session.focus();
}

function insertPicture(editor) {
  const old = selected(editor, "picture");
  const caption = make("input", { type: "text", value: old?.attrs.caption ?? "", maxlength: 300, autocomplete: "off" });
  const box = searchBox({
    label: words.pictureSearch,
    async find(query) {
      const { pictures } = await ask(addresses.pictures, { q: query });
      if (old && !query) {
        // The one that stands there comes first, so that Enter keeps it.
        const own = known.pictures[old.attrs.token];
        if (own) return { hits: [own, ...pictures.filter((one) => one.token !== own.token)] };
      }
      return { hits: pictures };
    },
    draw: (one) => [
      make("img", { src: one.thumb, alt: "" }),
      make("span", { class: "node-picture-words" }, make("strong", {}, one.title), " ", make("span", {}, one.alt),
        " ", make("span", { class: "quiet" }, one.credit), ...lacks(one).map(badge)),
    ],
    take(one) {
      known.pictures[one.token] = one;
      editor.commands.insertContent({ type: "picture", attrs: { token: one.token, caption: caption.value.trim() } });
      dialog.close();
    },
  });
  const dialog = open(words.pictureTitle, editor, field(words.pictureCaption, caption, words.captionHint), box.element,
    buttons(cancelButton()));
  dialog.classList.add("node-dialog--pictures");
  box.input.focus();
}

function lacks(picture) {
  return [!picture.alt.trim() && words.noAlt, !picture.credit.trim() && words.noCredit].filter(Boolean);
}

function insertQuotation(editor) {
  const { from, to } = editor.state.selection;
  const text = editor.state.doc.textBetween(from, to, " ");
  const paragraph = text ? { type: "paragraph", content: [{ type: "text", text }] } : { type: "paragraph" };
  editor.chain().focus().insertContent({
    type: "quotation", content: [{ type: "blockquote", content: [paragraph] }, { type: "quoteSource" }],
  }).run();
  // On to where writing goes on: into the empty quotation, or to the source of one that was marked before.
  const wanted = text ? "quoteSource" : "paragraph";
  let inside = null;
  editor.state.doc.nodesBetween(Math.max(from - 2, 0), editor.state.doc.content.size, (node, place, parent) => {
    if (inside !== null) return false;
    const fits = node.type.name === wanted && node.content.size === 0;
    if (fits && ["quotation", "blockquote"].includes(parent.type.name)) inside = place + 1;
    return true;
  });
  if (inside !== null) editor.commands.setTextSelection(inside);
}

function selected(editor, type) {
  const { node } = editor.state.selection;
  return node?.type.name === type ? node : null;
}

// ------------------------------------------------------------------ nodes

function tool(context, name, label, title, priority, command) {
  context.menu.defineItem({ name, groups: "nodes", priority, button: context.buttons.text(label, title), command });
}

// An atom whose look follows what the server says of it.
function watched(draw) {
  return ({ node, editor, getPos }) => {
    let current = node;
    const { dom, refresh } = draw(() => current, editor, getPos);
    refresh();
    listeners.add(refresh);
    return {
      dom,
      update(next) {
        if (next.type !== current.type) return false;
        current = next;
        refresh();
        return true;
      },
      selectNode: () => dom.classList.add("is-selected"),
      deselectNode: () => dom.classList.remove("is-selected"),
      ignoreMutation: () => true,
      destroy: () => listeners.delete(refresh),
    };
  };
}

// Twice the pointer, or Enter while it is selected, opens the dialog of a block again.
function reopening(insert) {
  return (dom, editor, getPos) => dom.addEventListener("dblclick", () => {
    editor.commands.setNodeSelection(getPos());
    insert(editor);
  });
}

export const DataValue = Node.create({
  name: "dataValue",
  group: "inline",
  inline: true,
  atom: true,
  addAttributes: () => ({ reference: { default: "" }, value: { default: "" }, text: { default: "" } }),
  parseHTML: () => [{
    tag: "data[data-ref]",
    getAttrs: (element) => ({
      reference: element.dataset.ref, value: element.getAttribute("value") ?? "", text: element.textContent,
    }),
  }],
  renderHTML({ node: { attrs } }) {
    const value = attrs.value ? { value: attrs.value } : {};
    return ["data", { ...value, "data-ref": attrs.reference }, attrs.text];
  },
  renderText: ({ node }) => node.attrs.text,
  addNodeView: () => watched((node) => {
    const dom = make("data", { class: "node-value" });
    return {
      dom,
      refresh() {
        const { reference, text, value } = node().attrs;
        const told = known.values.get(`${reference}\n${text}`);
        dom.textContent = text;
        dom.value = value;
        dom.title = told?.about ?? reference;
        dom.dataset.state = told?.state ?? "";
      },
    };
  }),
  addMenuItems(context) {
    tool(context, "dataValue", words.value, words.insertValue, 90, insertValue);
  },
  addKeyboardShortcuts() {
    return { "Mod-Alt-v": () => (insertValue(this.editor), true) };
  },
});

function extractName(shown) {
  if (shown.lines) return shown.name;
  return `${shown.event}: ${shown.session}`;
}

function extractTable(shown) {
  if (shown.lines) return make("ul", {}, ...shown.lines.map((line) => make("li", {}, line)));
  const lines = shown.rows.map((row) => make("tr", {},
    make("td", {}, String(row.position ?? row.status)), make("td", {}, `#${row.number}`),
    make("td", {}, row.crew.join(", ") || row.team),
    make("td", {}, shown.is_timed ? row.best_lap : row.gap || row.total)));
  return make("table", {}, make("tbody", {}, ...lines));
}

export const Extract = Node.create({
  name: "extract",
  group: "block",
  atom: true,
  draggable: true,
  addAttributes: () => ({ reference: { default: "" }, caption: { default: "" } }),
  parseHTML: () => [{
    tag: "figure[data-extract]",
    getAttrs: (element) => ({ reference: element.dataset.extract, caption: captionOf(element) }),
  }],
  renderHTML: ({ node: { attrs } }) => [
    "figure", { "data-extract": attrs.reference }, ["figcaption", {}, attrs.caption],
  ],
  renderText: ({ node }) => node.attrs.caption,
  addNodeView: () => watched((node, editor, getPos) => {
    const dom = make("figure", { class: "node-block node-extract" });
    reopening(insertExtract)(dom, editor, getPos);
    return {
      dom,
      refresh() {
        const { reference, caption } = node().attrs;
        const shown = known.extracts[reference];
        const isHidden = shown === null;
        dom.replaceChildren(
          make("p", { class: "node-kind" }, /^(table|title):/.test(reference) ? words.tableTitle : words.extractTitle, isHidden ? badge(words.hidden) : null),
          make("strong", {}, caption || (shown ? extractName(shown) : reference)),
          ...(shown ? [extractTable(shown), make("p", { class: "quiet" }, shown.lines ? shown.source : words[shown.state] ?? words.provisional)] : []),
        );
      },
    };
  }),
  addMenuItems(context) {
    tool(context, "extract", words.extract, words.insertExtract, 89, insertExtract);
  },
  addKeyboardShortcuts() {
    return {
      "Mod-Alt-k": () => (insertExtract(this.editor), true),
      Enter: () => (selected(this.editor, "extract") ? (insertExtract(this.editor), true) : false),
    };
  },
});

export const PictureNode = Node.create({
  name: "picture",
  group: "block",
  atom: true,
  draggable: true,
  addAttributes: () => ({ token: { default: "" }, caption: { default: "" } }),
  parseHTML: () => [{
    tag: "figure[data-image]",
    getAttrs: (element) => ({ token: element.dataset.image, caption: captionOf(element) }),
  }],
  renderHTML: ({ node: { attrs } }) => ["figure", { "data-image": attrs.token }, ["figcaption", {}, attrs.caption]],
  renderText: ({ node }) => node.attrs.caption,
  addNodeView: () => watched((node, editor, getPos) => {
    const dom = make("figure", { class: "node-block node-picture" });
    reopening(insertPicture)(dom, editor, getPos);
    return {
      dom,
      refresh() {
        const { token, caption } = node().attrs;
        const picture = known.pictures[token];
        dom.replaceChildren(
          make("p", { class: "node-kind" }, words.picture, ...(picture ? lacks(picture).map(badge) : [])),
          ...(picture ? [make("img", { src: picture.thumb, alt: picture.alt })] : []),
          make("p", {}, caption || picture?.caption || "", " ", make("span", { class: "quiet" }, picture?.credit ?? "")),
        );
      },
    };
  }),
  addMenuItems(context) {
    tool(context, "picture", words.picture, words.insertPicture, 88, insertPicture);
  },
  addKeyboardShortcuts() {
    return {
      "Mod-Alt-b": () => (insertPicture(this.editor), true),
      Enter: () => (selected(this.editor, "picture") ? (insertPicture(this.editor), true) : false),
    };
  },
});

function captionOf(element) {
  return element.querySelector("figcaption")?.textContent.trim() ?? "";
}

export const Quotation = Node.create({
  name: "quotation",
  group: "block",
  content: "blockquote quoteSource",
  isolating: true,
  defining: true,
  parseHTML: () => [{ tag: "figure[data-quote]" }],
  renderHTML: () => ["figure", { "data-quote": "" }, 0],
  addMenuItems(context) {
    tool(context, "quotation", words.quotation, words.insertQuotation, 87, insertQuotation);
  },
  addKeyboardShortcuts() {
    return { "Mod-Alt-z": () => (insertQuotation(this.editor), true) };
  },
});

export const QuoteSource = Node.create({
  name: "quoteSource",
  content: "text*",
  marks: "",
  parseHTML: () => [{ tag: "figcaption" }],
  renderHTML: () => ["figcaption", 0],
  addNodeView: () => ({ node }) => {
    const dom = make("figcaption", { class: "node-source", "data-hint": words.quoteSource });
    const look = (current) => dom.classList.toggle("is-empty", current.content.size === 0);
    look(node);
    return {
      dom,
      contentDOM: dom,
      update(next) {
        if (next.type.name !== "quoteSource") return false;
        look(next);
        return true;
      },
    };
  },
  addKeyboardShortcuts() {
    return {
      // Below the quotation the text goes on.
      Enter: ({ editor }) => {
        const { $from } = editor.state.selection;
        if ($from.parent.type.name !== this.name) return false;
        const after = $from.after($from.depth - 1);
        return editor.chain().insertContentAt(after, { type: "paragraph" }).setTextSelection(after + 1).run();
      },
    };
  },
});

// ------------------------------------------------------------------ what stands against the text

function nodesOf(editor, type, fits) {
  const found = [];
  editor.state.doc.descendants((node, place) => {
    if (node.type.name === type && fits(node)) found.push({ node, place });
  });
  return found.reverse(); // from the end, so that the places of those before stay right
}

function replaceValue(editor, told, makeNode) {
  const fits = ({ attrs }) => attrs.reference === told.reference && attrs.text === told.text;
  const transaction = editor.state.tr;
  for (const { node, place } of nodesOf(editor, "dataValue", fits)) {
    transaction.replaceWith(place, place + node.nodeSize, makeNode(editor.schema, node));
  }
  editor.view.dispatch(transaction);
  editor.commands.focus();
}

function takeOver(editor, told) {
  replaceValue(editor, told, (schema, node) =>
    schema.nodes.dataValue.create({ reference: told.reference, value: told.value, text: told.now }, null, node.marks));
}

function detach(editor, told) {
  replaceValue(editor, told, (schema, node) => schema.text(told.text, node.marks));
}

const ISSUES = { differs: "differs", hidden: "isHidden", gone: "gone" };

function issues(editor) {
  const lines = [];
  for (const told of known.values.values()) {
    if (!ISSUES[told.state]) continue;
    const line = make("li", {}, make("span", {}, say(ISSUES[told.state], told)));
    if (told.state === "differs") {
      line.append(make("button", { type: "button", onclick: () => takeOver(editor, told) }, say("takeOver", told)));
    }
    line.append(make("button", { type: "button", onclick: () => detach(editor, told) }, words.detach));
    lines.push(line);
  }
  for (const { node } of nodesOf(editor, "extract", ({ attrs }) => known.extracts[attrs.reference] === null)) {
    lines.push(make("li", {}, say("extractHidden", { name: node.attrs.caption || node.attrs.reference })));
  }
  for (const { node } of nodesOf(editor, "picture", () => true)) {
    const picture = known.pictures[node.attrs.token];
    if (!picture) lines.push(make("li", {}, words.pictureGone));
    else if (lacks(picture).length) {
      const link = make("a", { href: picture.edit, target: "_blank", rel: "noopener" }, words.editPicture);
      const missing = lacks(picture).join(", ");
      lines.push(make("li", {}, `${say("pictureLacks", { name: picture.title, missing })} `, link));
    }
  }
  return lines;
}

function watch(editor, place) {
  const report = make("section", { class: "node-report", role: "status", "aria-label": words.report, hidden: true });
  place.after(report);
  let asked = "";
  let timer;

  async function look() {
    const html = editor.getHTML();
    const nodes = html.match(/<(?:data|figure)\b[^>]*>[^<]*/g) ?? [];
    const question = nodes.join("\n") + fieldValue("language");
    if (question === asked) return;
    asked = question;
    try {
      const told = nodes.length
        ? await send(addresses.nodes, { body: html, language: fieldValue("language") })
        : { values: [], extracts: {}, pictures: {} };
      known = { ...told, values: new Map(told.values.map((one) => [`${one.reference}\n${one.text}`, one])) };
    } catch {
      asked = ""; // asked again with the next change
      return;
    }
    listeners.forEach((refresh) => refresh());
    const lines = issues(editor);
    report.hidden = !lines.length;
    report.replaceChildren(make("ul", {}, ...lines));
  }

  editor.on("update", () => {
    clearTimeout(timer);
    timer = setTimeout(look, REPORT_PATIENCE);
  });
  document.getElementById("id_language")?.addEventListener("change", look);
  window.addEventListener("focus", () => { asked = ""; look(); }); // picture texts are edited in another tab
  look();
}

// ------------------------------------------------------------------ typographic signs

const LINES = ["kicker", "title", "standfirst"];

function shownSigns(text) {
  return text.replaceAll("\u00a0", "␣");
}

async function checkTypography(editor) {
  const now = () => ({ ...Object.fromEntries(LINES.map((name) => [name, fieldValue(name)])), body: editor.getHTML() });
  let told;
  let sent;
  try {
    do { // who types on while the server reads loses nothing: it reads again
      sent = now();
      told = await send(addresses.typography, { ...sent, language: fieldValue("language") });
    } while (JSON.stringify(sent) !== JSON.stringify(now()));
  } catch {
    open(words.typographyTitle, editor, make("p", { role: "status" }, words.unreachable), buttons(cancelButton()));
    return;
  }
  const { changes } = told;
  const lines = changes.map((change) => make("tr", {},
    make("td", {}, change.label), make("td", {}, make("del", {}, shownSigns(change.before))),
    make("td", {}, make("ins", {}, shownSigns(change.after)))));
  const note = changes.length ? say("typographyCount", { count: changes.length }) : words.typographyNone;
  const apply = make("button", { type: "button", class: "default" }, words.apply);
  apply.addEventListener("click", () => {
    for (const name of LINES) {
      if (!(name in told.texts)) continue;
      const input = document.getElementById(`id_${name}`);
      input.value = told.texts[name];
      input.dispatchEvent(new Event("input", { bubbles: true }));
    }
    if ("body" in told.texts) editor.commands.setContent(told.texts.body, { emitUpdate: true });
    dialog.close();
  });
  const table = make("div", { class: "node-changes", tabindex: 0 }, make("table", {}, make("tbody", {}, ...lines)));
  const dialog = open(words.typographyTitle, editor, make("p", { role: "status" }, note),
    ...(changes.length ? [table, buttons(apply, cancelButton())] : [buttons(cancelButton())]));
  dialog.querySelector(".node-buttons button").focus();
}

document.addEventListener("prose-editor:ready", ({ detail: { editor, textarea } }) => {
  if (!editor.schema.nodes.dataValue || textarea.disabled) return;
  const place = textarea.closest(".prose-editor");
  place.after(make("div", { class: "node-tools" },
    make("button", { type: "button", onclick: () => checkTypography(editor) }, words.typography)));
  watch(editor, place);
});
