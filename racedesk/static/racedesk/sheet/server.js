// Asks the server. An ended login, a lost connection or another person's login lose nothing: the sheet stays as it is.

const PATIENCE = 20_000; // milliseconds

export class Server {
  constructor(token, { addresses, person, say }) {
    Object.assign(this, { token, addresses, person, say });
  }

  // `{ ok, status, data }`; without an answer `problem` says what is the matter.
  async ask(what, body) {
    let answer = await this.#post(what, body);
    if (answer.status === 403) {
      const problem = await this.#renew();
      answer = problem ? { ok: false, problem } : await this.#post(what, body);
    }
    if (!answer.ok && !answer.data) answer.problem ??= "unreachable";
    if (answer.data?.error === "person") answer.problem = "other-person";
    this.#tell(answer.problem);
    return answer;
  }

  async #post(what, body) {
    try {
      const answer = await fetch(this.addresses[what], {
        method: "POST", redirect: "manual", cache: "no-store", signal: AbortSignal.timeout(PATIENCE),
        headers: { "Content-Type": "application/json", "X-CSRFToken": this.token },
        body: JSON.stringify({ ...body, person: this.person }),
      });
      if (answer.type === "opaqueredirect") return { ok: false, problem: "logged-out" };
      const isJson = answer.headers.get("Content-Type")?.startsWith("application/json");
      if (!isJson && answer.status !== 403) return { ok: false, problem: "unreachable" };
      return { ok: answer.ok, status: answer.status, data: isJson ? await answer.json() : null };
    } catch {
      return { ok: false, problem: "unreachable" };
    }
  }

  // A login in another tab made the token of this page void. What is the matter, if there is no fresh one.
  async #renew() {
    try {
      const page = await fetch(this.addresses.sheet, { redirect: "manual", cache: "no-store" });
      if (page.type === "opaqueredirect") return "logged-out";
      const fresh = new DOMParser().parseFromString(await page.text(), "text/html");
      this.token = fresh.querySelector("#sheet [name='csrfmiddlewaretoken']")?.value ?? this.token;
      return page.ok ? "" : "unreachable";
    } catch {
      return "unreachable";
    }
  }

  #tell(problem) {
    for (const notice of document.querySelectorAll("[data-sheet-problem]")) {
      notice.hidden = notice.dataset.sheetProblem !== problem;
    }
  }
}
