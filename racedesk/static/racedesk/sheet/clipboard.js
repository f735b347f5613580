// Copies a rectangle for a spreadsheet and pastes one, or a whole table with its header row, as one step.

import { MOST, isEmpty } from "./lines.js";

// What of ours may begin with a plus: gaps and penalties. All else could be a formula elsewhere.
const HARMLESS = /^[+−-][\d:.,'/+ ]*(?:(?:Rd|Lap|Laps|Runden?|L)\.?)?$/u;
const DANGEROUS = /^[\s']*[=+\-@\t\r＝＋－＠]/u;

const guarded = (text) => (DANGEROUS.test(text) && !HARMLESS.test(text) ? `'${text}` : text);
const isSingle = (text) => !/[\t\n]/u.test(text.replace(/\n$/u, ""));

export class Clipboard {
  constructor(table, lines, { words, ask, say, keys }) {
    Object.assign(this, { table, lines, words, ask, say, keys });
    table.element.addEventListener("copy", (event) => this.#copy(event));
    table.element.addEventListener("cut", (event) => this.#copy(event) && this.clear());
    table.element.addEventListener("paste", (event) => this.#paste(event));
  }

  clear() {
    this.lines.write([...this.table.selected()].map(([row, key]) => [row, key, ""]));
  }

  // Returns whether cells were copied, and not a piece of the text in an input.
  #copy(event) {
    if (this.keys.isEditing) return false;
    const rows = new Map();
    for (const [row, key] of this.table.selected()) {
      if (!rows.has(row)) rows.set(row, []);
      rows.get(row).push(guarded(this.lines.text(row, key)));
    }
    event.clipboardData.setData("text/plain", [...rows.values()].map((cells) => cells.join("\t")).join("\n"));
    event.preventDefault();
    return true;
  }

  #paste(event) {
    const text = event.clipboardData.getData("text/plain").replace(/\r\n?/gu, "\n");
    if (this.keys.isEditing) {
      if (isSingle(text)) return; // into the input
      this.keys.giveUp();
    }
    event.preventDefault();
    if (isSingle(text)) {
      const clean = text.replace(/\n$/u, "").trim().slice(0, 200);
      this.lines.write([...this.table.selected()].map(([row, key]) => [row, key, clean]));
    } else this.take(text);
  }

  // Returns whether it was taken over.
  async take(text) {
    const at = this.table.rectangle(); // where the person was when he pasted, not when the answer comes
    const { revision } = this.lines;
    const answer = await this.ask("paste", { text });
    if (answer.ok && (revision !== this.lines.revision || this.keys.isEditing)) {
      this.say(this.words.paste_again);
      return false;
    }
    if (!answer.ok) {
      this.say(answer.data?.error ?? this.words.unreachable);
      return false;
    }
    const { fields, rows, left_out: leftOut } = answer.data;
    const next = fields.length ? this.#asTable(fields, rows, at) : this.#asRectangle(rows, at);
    if (next.length > MOST) {
      this.say(this.words.too_many.replace("{count}", next.length).replace("{most}", MOST));
      return false;
    }
    this.lines.become(next);
    const said = this.words.pasted.replace("{count}", rows.length);
    this.say(leftOut.length ? `${said} ${this.words.left_out.replace("{columns}", leftOut.join(", "))}` : said);
    return true;
  }

  // From the active cell on, over the columns that are typed; lines are added where it reaches beyond the end.
  #asRectangle(rows, { top, left }) {
    const keys = this.table.places.slice(left).filter((one) => !one.shown).map((one) => one.key);
    const next = this.lines.all.map((line) => ({ ...line }));
    rows.forEach((cells, down) => {
      const row = top + down;
      while (next.length <= row) next.push({});
      cells.slice(0, keys.length).forEach((text, right) => put(next[row], keys[right], text));
    });
    return next;
  }

  // Cars of the table in its order, over what the sheet has of them; the others stay behind it.
  #asTable(fields, rows, place) {
    const at = fields.indexOf("number");
    if (at < 0) return this.#asRectangle(rows, place);
    const left = this.lines.all.filter((line) => !isEmpty(line));
    const next = rows.map((cells) => {
      const number = cells[at].replace(/^#/u, "");
      const found = left.findIndex((line) => line.number === number);
      const line = found < 0 ? {} : { ...left.splice(found, 1)[0] };
      fields.forEach((key, place) => put(line, key, key === "number" ? number : cells[place]));
      return line;
    });
    return [...next, ...left];
  }
}

function put(line, key, text) {
  if (text) line[key] = text;
  else delete line[key];
}
