// What is typed and not saved is kept in this browser, by person and result: a crash, a reload or an ended login lose
// nothing, and whoever logs in next at a shared computer is not offered it.

const LATER = 300; // milliseconds after a change

export class Keeping {
  #timer;

  constructor({ person, session, checkpoint }) {
    this.place = `racedesk:sheet:${person}:${session}:${checkpoint}:`;
    this.key = this.place + this.#tab();
  }

  // Copies of this person for this result, the newest first; this tab's own among them.
  left() {
    try {
      const names = Object.keys(localStorage).filter((name) => name.startsWith(this.place));
      const found = names.map((name) => ({ name, ...JSON.parse(localStorage.getItem(name)) }));
      return found.filter((one) => Array.isArray(one.lines)).sort((one, other) => other.at - one.at);
    } catch {
      return [];
    }
  }

  keep(state) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.keepNow(state()), LATER);
  }

  keepNow(state) {
    clearTimeout(this.#timer);
    try {
      localStorage.setItem(this.key, JSON.stringify({ ...state, at: Date.now() }));
    } catch {
      // The browser has no room or gives none: leaving the page asks first.
    }
  }

  drop(name = this.key) {
    clearTimeout(this.#timer);
    try {
      localStorage.removeItem(name);
    } catch {
      // as above
    }
  }

  // A reload goes on under the same name, a second tab has one of its own.
  #tab() {
    try {
      const known = sessionStorage.getItem(this.place);
      const name = known ?? crypto.randomUUID?.() ?? String(Math.random()).slice(2);
      sessionStorage.setItem(this.place, name);
      return name;
    } catch {
      return "one";
    }
  }
}
