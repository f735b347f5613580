// Times of sessions in the reader's own zone. Without script the pages show the time at the track and the one in Germany.
const clock = new Intl.DateTimeFormat("de", { weekday: "short", hour: "2-digit", minute: "2-digit", timeZoneName: "short" });
const german = new Intl.DateTimeFormat("de", { dateStyle: "short", timeStyle: "short", timeZone: "Europe/Berlin" });
const own = new Intl.DateTimeFormat("de", { dateStyle: "short", timeStyle: "short" });

for (const time of document.querySelectorAll(".sessions .when time[datetime]")) {
  const instant = new Date(time.dateTime);
  // Who lives by German clocks reads what is printed.
  if (own.format(instant) === german.format(instant)) continue;
  const part = Object.fromEntries(clock.formatToParts(instant).map(({ type, value }) => [type, value]));
  const hour = `${part.hour}:${part.minute}`;
  const note = time.parentElement.querySelector("small");
  // At the track it is the same hour: one time is enough.
  if (time.textContent.includes(hour)) {
    note?.remove();
    continue;
  }
  const small = note ?? time.parentElement.appendChild(document.createElement("small"));
  small.textContent = `${part.weekday.replace(".", "")}. ${hour} Uhr ${part.timeZoneName.replace("GMT", "UTC")}`;
  small.title = Intl.DateTimeFormat().resolvedOptions().timeZone;
}
