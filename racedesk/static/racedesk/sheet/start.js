// The sheet of a result: puts table, keys, clipboard, keeping, judging and saving together.

import { Lines, isBare } from "./lines.js";
import { Table } from "./table.js";
import { Keys } from "./keys.js";
import { Clipboard } from "./clipboard.js";
import { Server } from "./server.js";
import { Keeping } from "./keeping.js";
import { Saving } from "./saving.js";
import { Conflict } from "./conflict.js";

const PAUSE = 200; // milliseconds after a change until the server is asked about it

const root = document.getElementById("sheet");
const sheet = JSON.parse(document.getElementById("sheet-data").textContent);
const words = JSON.parse(document.getElementById("sheet-words").textContent);
const part = (name) => document.querySelector(`[data-sheet="${name}"]`);
const message = document.getElementById("sheet-message");

let { base, expected } = sheet;
let stored; // the lines as the server has them
let findings = [];
let timer;

const say = (text) => { message.textContent = text; };
const lines = new Lines(sheet.lines);
stored = lines.all;
const table = new Table(part("table"), lines, { columns: sheet.columns, cars: sheet.cars, words });
const token = root.querySelector("[name='csrfmiddlewaretoken']").value;
const server = new Server(token, { addresses: sheet.addresses, person: sheet.person });
const ask = (what, body) => server.ask(what, body);
const keeping = new Keeping(sheet);
const saveForm = document.getElementById("sheet-save").querySelector("form");
const state = () => ({ base, expected, lines: lines.all });
const isDirty = () => lines.all !== stored;

// ------------------------------------------------------------------ judging

function judged(answer) {
  findings = answer.findings;
  table.judge(answer);
  part("fastest").textContent = answer.fastest?.words ?? "";
  listFindings();
  tellCell();
}

async function check() {
  const { revision } = lines;
  const answer = await ask("check", { lines: lines.all, base, complete: saveForm.elements.complete.checked });
  if (revision !== lines.revision) return; // somebody has typed on
  if (!answer.ok) {
    if (answer.data?.error) say(answer.data.error);
    return;
  }
  const { texts } = answer.data;
  lines.amend(texts.map(([row, column, text]) => [row - 1, column, text]));
  judged(answer.data);
}

function checkSoon() {
  clearTimeout(timer);
  timer = setTimeout(check, PAUSE);
}

function listFindings() {
  const errors = findings.filter((one) => one.weight === "error");
  const doubts = findings.filter((one) => one.weight === "doubt" && !one.known);
  const known = findings.length - errors.length - doubts.length;
  const said = words.tally.replace("{errors}", errors.length).replace("{doubts}", doubts.length);
  part("tally").textContent = known ? `${said} ${words.known.replace("{count}", known)}` : said;
  part("findings").replaceChildren(...[...errors, ...doubts].map((one) => {
    const item = document.createElement("li");
    item.dataset.weight = one.weight;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sheet-link";
    button.textContent = words.finding.replace("{row}", one.row).replace("{reason}", one.reason);
    button.addEventListener("click", () => goTo(one));
    item.append(button);
    if (one.offers === "entry" && part("entry")) item.append(" ", entryButton(one));
    return item;
  }));
}

const goTo = (one) => table.goTo(Math.max(0, one.row - 1), one.column);

// What there is to say of the cell that has the focus.
function tellCell() {
  const finding = table.finding();
  const proposal = table.proposal();
  const fresh = finding ? finding.reason : proposal ? words.proposal_hint.replace("{text}", proposal) : "";
  if (message.dataset.cell !== fresh) {
    message.dataset.cell = fresh;
    say(fresh);
  }
  table.cell()?.setAttribute("aria-describedby", "sheet-message");
}

// ------------------------------------------------------------------ acts

function rows() {
  const { top, bottom } = table.rectangle();
  return { top, count: bottom - top + 1 };
}

const act = {
  undo: () => lines.undo(),
  redo: () => lines.redo(),
  save: () => { keys.commit(); saving.open(); },
  clear: () => clipboard.clear(),
  selectAll() {
    table.anchor = { row: 0, place: 0 };
    table.active = { row: Math.max(lines.count, 1) - 1, place: table.places.length - 1 };
    table.mark();
    table.cell().focus();
  },
  insertRow() {
    const { top, count } = rows();
    lines.insert(lines.count ? top + count : 0);
    table.go(top + count, table.active.place);
  },
  appendRow: () => lines.insert(lines.count),
  removeRows() {
    const { top, count } = rows();
    lines.remove(top, count);
    say(words.removed.replace("{count}", count));
    table.go(top, table.active.place);
  },
  move(by) {
    const { top, count } = rows();
    if (!lines.move(top, count, by)) return;
    const { row, place } = table.active;
    if (table.anchor) table.anchor.row += by;
    table.active = { row: row + by, place };
    table.mark();
    table.cell().focus();
    say(words.moved.replace("{row}", table.active.row + 1));
  },
  takeProposals() {
    const chosen = [...table.selected()];
    const cells = chosen.map(([row, key]) => [row, key, table.proposal(row, key)]).filter(([, , text]) => text);
    lines.write(cells);
    say(words.taken.replace("{count}", cells.length));
  },
  takeAll() {
    const cells = [...table.proposals].map(([key, text]) => [Number(key.split(":")[0]), key.slice(key.indexOf(":") + 1), text])
      .filter(([row, key]) => !lines.text(row, key));
    lines.write(cells);
    say(words.taken.replace("{count}", cells.length));
  },
  sort() {
    const place = (line) => (/^\d+$/u.test(line.position ?? "") ? Number(line.position) : Infinity);
    const sorted = lines.all.map((line, at) => [place(line), at, line]).sort(([a, i], [b, j]) => (a === b ? i - j : a - b));
    lines.become(sorted.map(([, , line]) => line));
  },
  count() {
    let place = 0;
    lines.write(lines.all.flatMap((line, row) => {
      if (!/^\d*$/u.test(line.position ?? "") || isBare(line)) return [];
      place += 1;
      return [[row, "position", String(place)]];
    }));
  },
  removeBare() {
    const kept = lines.all.filter((line) => !isBare(line));
    say(words.removed.replace("{count}", lines.count - kept.length));
    if (kept.length < lines.count) lines.become(kept);
  },
};

const keys = new Keys(table, lines, { words, act });
const clipboard = new Clipboard(table, lines, { words, ask, say, keys });

for (const button of root.querySelectorAll("[data-act]")) {
  button.addEventListener("click", () => {
    keys.commit();
    act[button.dataset.act]();
  });
}

// ------------------------------------------------------------------ pasting by hand, entering a car

const pasteDialog = document.getElementById("sheet-paste");
part("paste").addEventListener("click", () => pasteDialog.showModal());
pasteDialog.querySelector("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const field = event.target.elements.text;
  if (event.submitter?.value === "close" || !field.value.trim()) pasteDialog.close();
  else if (await clipboard.take(field.value.replace(/\r\n?/gu, "\n"))) {
    field.value = "";
    pasteDialog.close();
  } else pasteDialog.querySelector("[data-part='complaint']").textContent = message.textContent;
});

const entryDialog = part("entry");
function entryButton({ row }) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = words.make_entry.replace("{number}", lines.text(row - 1, "number"));
  button.addEventListener("click", () => {
    entryDialog.querySelector("[name='number']").value = lines.text(row - 1, "number").replace(/^#/u, "");
    entryDialog.showModal();
  });
  return button;
}
entryDialog?.querySelector("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const { elements } = event.target;
  if (event.submitter?.value === "close") return entryDialog.close();
  const answer = await ask("entry", { number: elements.number.value, racing_class: elements.racing_class.value });
  entryDialog.querySelector("[data-part='complaint']").textContent = answer.ok ? "" : (answer.data?.error ?? words.unreachable);
  if (!answer.ok) return undefined;
  Object.assign(sheet.cars, answer.data.cars);
  entryDialog.close();
  table.draw();
  say(words.entered.replace("{number}", answer.data.entry));
  return check();
});

// ------------------------------------------------------------------ saving, conflicts, what was kept

const saving = new Saving(document.getElementById("sheet-save"), {
  words, ask, go: goTo,
  wish: () => ({ lines: lines.all, base, expected }), // empty lines too: a finding names its row
  snapshot: () => lines.all,
  saved({ saved, words: said, address }, sent) {
    stored = sent; // what was typed while the answer was under way is not saved
    base = saved;
    expected = saved;
    if (isDirty()) keeping.keepNow(state());
    else keeping.drop();
    const link = Object.assign(document.createElement("a"), { href: address, textContent: words.to_version });
    part("saved").replaceChildren(said, " ", link);
    part("saved").hidden = false;
    part("saved").focus();
    saveForm.elements.reason.value = "";
    check();
  },
  overtaken: (found) => conflict.open(found),
});

const conflict = new Conflict(document.getElementById("sheet-conflict"), {
  words,
  goOn(merged, found) {
    base = found.base;
    expected = found.expected;
    if (found.columns.join() !== sheet.columns.map((one) => one.key).join()) {
      if (keeping.keepNow({ base, expected, lines: merged })) {
        stored = lines.all;
        location.reload(); // the other version has other columns; what was kept is offered there
        return;
      }
    }
    lines.become(merged);
    say(words.merged);
  },
});

const offer = part("kept");
function offerKept() {
  const [newest] = keeping.left().filter((one) => JSON.stringify(one.lines) !== JSON.stringify(sheet.lines));
  offer.hidden = !newest;
  if (!newest) return;
  offer.querySelector("[data-part='words']").textContent = words.kept.replace("{at}", new Date(newest.at).toLocaleString());
  offer.querySelector("[value='take']").onclick = () => {
    base = newest.base;
    expected = newest.expected; // where somebody saved meanwhile, saving shows both
    lines.become(newest.lines);
    if (keeping.keepNow(state())) keeping.drop(newest.name);
    offer.hidden = true;
    table.go(0, 0);
  };
  offer.querySelector("[value='drop']").onclick = () => {
    keeping.drop(newest.name);
    offerKept();
  };
}

lines.addEventListener("changed", () => {
  table.findings = new Map([...table.findings].filter(([, one]) => one.known));
  table.proposals = new Map();
  table.draw();
  part("saved").hidden = true;
  root.querySelector("[data-act='undo']").disabled = !lines.canUndo;
  root.querySelector("[data-act='redo']").disabled = !lines.canRedo;
  if (isDirty()) keeping.keep(state);
  else keeping.drop();
  checkSoon();
});
lines.addEventListener("amended", () => {
  table.draw();
  if (isDirty()) keeping.keep(state);
});
table.element.addEventListener("sheet:moved", tellCell);
saveForm.elements.complete.addEventListener("change", checkSoon);
window.addEventListener("beforeunload", (event) => {
  keys.commit();
  if (!isDirty()) return;
  keeping.keepNow(state());
  event.preventDefault();
});
window.addEventListener("pagehide", () => isDirty() && keeping.keepNow(state()));

root.querySelector("[data-act='undo']").disabled = true;
root.querySelector("[data-act='redo']").disabled = true;
part("ready").hidden = false;
judged(sheet.checked);
offerKept();
performance.mark("sheet-ready"); // what bench/sheet.py measures to
