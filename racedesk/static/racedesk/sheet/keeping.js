// What is typed and not saved is kept in this browser, by person and result: a crash, a reload or an ended login lose
// nothing, and whoever logs in next at a shared computer is not offered it.

const LATER = 300; // milliseconds after a change

// A copy that cannot be read hides none of the others.
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

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
      const found = names.map((name) => ({ name, ...parsed(localStorage.getItem(name)) }));
      return found.filter((one) => Array.isArray(one.lines)).sort((one, other) => other.at - one.at);
    } catch {
      return [];
    }
  }

  keep(state) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.keepNow(state()), LATER);
  }

  // Whether it is kept; a browser may have no room or give none, then leaving the page asks first.
  keepNow(state) {
    clearTimeout(this.#timer);
    try {
      localStorage.setItem(this.key, JSON.stringify({ ...state, at: Date.now() }));
      return true;
    } catch {
      return false;
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

  // Each tab has a name of its own; what it left behind before a reload stays as it is until somebody decides about it.
  #tab() {
    try {
      const known = sessionStorage.getItem(this.place);
      const isFree = known && localStorage.getItem(this.place + known) === null;
      const name = (isFree ? known : null) ?? crypto.randomUUID?.() ?? String(Math.random()).slice(2);
      sessionStorage.setItem(this.place, name);
      return name;
    } catch {
      return "one";
    }
  }
}
