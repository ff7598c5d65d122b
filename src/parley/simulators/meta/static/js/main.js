// @ts-check
/** The page: which screen is shown (in the address, after #), and the live news that keep it true. */

import { loadChat, loadState, markSeen } from "./api.js";
import { chatView } from "./chat.js";
import { h, toast } from "./dom.js";
import { peopleView } from "./people.js";
import { identityOf } from "./words.js";

/** @typedef {import("./types.js").News} News */
/** @typedef {import("./types.js").State} State */

const screen = /** @type {HTMLElement} */ (document.getElementById("screen"));
const facts = /** @type {HTMLElement} */ (document.getElementById("facts"));

/** @type {State|null} */
let state = null;
/** @type {{id: string, view: import("./chat.js").ChatView}|null} */
let open = null;
/** @type {EventSource|null} */
let news = null;
let refreshing = 0;
let turn = 0;

const wanted = () => decodeURIComponent(location.hash.match(/^#\/chat\/(.+)$/)?.[1] ?? "");

async function show() {
  const mine = ++turn;
  const id = wanted();
  const fresh = await loadState();
  if (mine !== turn) return;
  state = fresh;
  const person = fresh.people.find((one) => one.id === id);
  tell(person ?? null);
  if (!person) {
    open = null;
    document.title = "A phone to try";
    screen.replaceChildren(peopleView(fresh, { choose: (chosen) => void (location.hash = `#/chat/${chosen}`), reload: () => void show() }));
    return listen(null);
  }
  const chat = await loadChat(id);
  if (mine !== turn) return;
  const business = fresh.numbers.find((one) => one.id === fresh.number) ?? fresh.numbers[0];
  const view = chatView(chat.persona, business, () => void (location.hash = "#/"));
  screen.replaceChildren(view.element);
  open = { id, view };
  document.title = `${person.name} to ${business.name}`;
  view.fill(chat.messages);
  view.shown();
  if (!document.hidden) void markSeen(id);
  listen(document.hidden ? null : id);
}

/** Say beside the phone who one is and whether the business listens. @param {import("./types.js").Person|null} person */
function tell(person) {
  if (!state) return;
  const business = state.numbers.find((one) => one.id === state?.number) ?? state.numbers[0];
  const heard = { verified: "connected", failed: "not reachable yet", "not tried": "not checked" }[state.verification.state];
  /** @type {[string, string][]} */
  const lines = [["Business", `${business.name}, ${business.display}`], ["Its webhook", heard ?? state.verification.state]];
  if (person) lines.push(["You are", person.name], ["The business sees", identityOf(person)]);
  facts.replaceChildren(...lines.flatMap(([name, value]) => [h("dt", {}, name), h("dd", { dir: "auto" }, value)]));
}

/** @param {string|null} watching */
function listen(watching) {
  news?.close();
  news = new EventSource(`/sim/api/events${watching ? `?watching=${encodeURIComponent(watching)}` : ""}`);
  let lost = false;
  news.addEventListener("error", () => {
    lost = true;
  });
  news.addEventListener("open", () => {
    if (lost) void catchUp();
    lost = false;
  });
  news.addEventListener("message", (event) => take(JSON.parse(event.data)));
}

/** @param {News} item */
function take(item) {
  if (item.kind === "resync") return void show();
  if (item.kind === "verification" && state && item.verification) {
    state.verification = item.verification;
    return tell(state.people.find((one) => one.id === open?.id) ?? null);
  }
  const here = open && item.number === state?.number && item.persona === open.id;
  if (item.kind === "message" && here && item.message) open?.view.put(item.message);
  if (item.kind === "typing" && here) open?.view.typing(item.on === true);
  if (item.kind === "chat" && here) void catchUp();
  if (item.kind === "persona" && open && item.persona.id === open.id) open.view.update(item.persona);
  if (!open) refreshSoon();
}

async function catchUp() {
  if (!open) return refreshSoon();
  const { id, view } = open;
  const chat = await loadChat(id);
  if (open?.view !== view) return;
  for (const message of chat.messages) view.put(message);
}

function refreshSoon() {
  clearTimeout(refreshing);
  refreshing = setTimeout(async () => {
    if (open || document.querySelector("dialog[open]")) return;
    const focused = /** @type {HTMLElement|null} */ (document.activeElement)?.closest?.("li");
    const index = focused ? [...screen.querySelectorAll("li")].indexOf(focused) : -1;
    await show();
    if (index >= 0) screen.querySelectorAll("li")[index]?.querySelector("button")?.focus();
  }, 250);
}

addEventListener("hashchange", () => void show().catch(() => undefined));
document.addEventListener("visibilitychange", () => {
  if (!open) return;
  if (!document.hidden) void markSeen(open.id);
  listen(document.hidden ? null : open.id);
});
show().catch(() => {
  screen.replaceChildren(h("p", { class: "loading" }, "The simulator does not answer. Start it and load this page again."));
  toast("The simulator does not answer.");
});
