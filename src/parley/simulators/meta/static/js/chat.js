// @ts-check
/** The second screen: one person's chat with the business. */

import { act, changePersona } from "./api.js";
import { bubble } from "./bubble.js";
import { composer } from "./composer.js";
import { h, icon, iconButton } from "./dom.js";
import { sheet, toggle } from "./sheet.js";
import { dayOf, identityOf } from "./words.js";

/** @typedef {import("./types.js").Message} Message */
/** @typedef {import("./types.js").Persona} Persona */

const TYPING_MS = 25000;

/**
 * @typedef {object} ChatView
 * @property {HTMLElement} element
 * @property {(message: Message) => void} put
 * @property {(messages: Message[]) => void} fill
 * @property {(on: boolean) => void} typing
 * @property {(persona: Persona) => void} update
 * @property {() => void} shown
 */

/**
 * @param {Persona} first
 * @param {{name: string, display: string}} business
 * @param {() => void} back
 * @returns {ChatView}
 */
export function chatView(first, business, back) {
  let persona = first;
  /** @type {Map<string, Message>} */
  const messages = new Map();
  let timer = 0;
  const log = h("div", { class: "log", role: "log", "aria-label": "Messages", "aria-live": "polite", tabindex: 0 });
  const dots = h("div", { class: "typing", hidden: true }, h("i"), h("i"), h("i"), h("span", { class: "sr" }, "The business is typing"));
  const under = h("p", { class: "quiet" });
  const offline = h("p", { class: "offline", hidden: true }, icon("plane"), "Airplane mode. Messages wait on this phone.");
  const writer = composer(persona.id);

  /** @param {Record<string, any>} what */
  const answer = (what) => {
    if (what.open === "list") return listSheet(what, (chosen) => answer(chosen));
    if (what.open === "location") return writer.places(what.context);
    return act(persona.id, what).catch(() => undefined);
  };
  const hands = { find: (/** @type {string} */ id) => messages.get(id), answer, reply: writer.reply, edit: writer.edit };

  const atEnd = () => log.scrollHeight - log.scrollTop - log.clientHeight < 120;
  const toEnd = () => log.scrollTo({ top: log.scrollHeight });

  /** @param {number} at */
  const day = (at) => {
    const words = dayOf(at);
    const days = log.querySelectorAll(".day");
    if (days.length === 0 || days[days.length - 1].textContent !== words) {
      log.append(h("p", { class: "day" }, h("span", {}, words)));
    }
  };
  /** @param {Message} message */
  const put = (message) => {
    const stay = atEnd();
    const old = document.getElementById(`m-${message.id}`);
    messages.set(message.id, message);
    const item = bubble(message, hands);
    if (old) {
      old.replaceWith(item);
    } else {
      log.querySelector(".empty")?.remove();
      day(message.at);
      log.append(item);
    }
    log.append(dots);
    if (stay || (!old && !message.by_business)) toEnd();
    for (const image of item.querySelectorAll("img")) {
      image.addEventListener("load", () => stay && toEnd(), { once: true });
    }
  };
  const line = () => {
    under.textContent = `as ${persona.name}`;
    offline.hidden = !persona.airplane;
  };
  line();

  const element = h("section", { class: "view chat", "aria-label": `Chat with ${business.name}` },
    h("header", { class: "bar" },
      iconButton("back", "Back to the people", back),
      h("span", { class: "avatar shop", "aria-hidden": "true" }, Array.from(business.name)[0] ?? "B"),
      h("div", { class: "bar-title" }, h("h2", { dir: "auto" }, business.name), under),
      iconButton("more", "This phone", () => settings(persona))),
    offline, log, writer.element);

  return {
    element,
    put,
    shown: () => {
      toEnd();
      if (matchMedia("(pointer: fine)").matches) writer.focus();
    },
    fill(all) {
      messages.clear();
      log.replaceChildren();
      if (all.length === 0) {
        log.append(h("p", { class: "empty" }, `Say hello to ${business.name}.`));
      }
      all.forEach(put);
      toEnd();
    },
    typing(on) {
      clearTimeout(timer);
      const stay = atEnd();
      dots.hidden = !on;
      under.textContent = on ? "typing…" : `as ${persona.name}`;
      log.append(dots);
      if (stay) toEnd();
      if (on) timer = setTimeout(() => this.typing(false), TYPING_MS);
    },
    update(changed) {
      persona = changed;
      line();
    },
  };
}

/** @param {Record<string, any>} list @param {(chosen: Record<string, unknown>) => void} answer */
function listSheet(list, answer) {
  sheet(list.action.button, (close) => {
    const form = h("form", {
      class: "form",
      onsubmit: (/** @type {SubmitEvent} */ event) => {
        event.preventDefault();
        const chosen = String(new FormData(form).get("row"));
        const row = list.action.sections.flatMap((/** @type {any} */ one) => one.rows)
          .find((/** @type {any} */ one) => one.id === chosen);
        close();
        if (row) answer({ type: "list_reply", list_reply: row, context: list.context });
      },
    });
    for (const section of list.action.sections) {
      form.append(h("fieldset", { class: "rows" }, section.title && h("legend", { dir: "auto" }, section.title),
        ...section.rows.map((/** @type {any} */ row) => h("label", { class: "pick" },
          h("span", { dir: "auto" }, row.title, row.description && h("small", {}, row.description)),
          h("input", { type: "radio", name: "row", value: row.id, required: true })))));
    }
    form.append(h("button", { class: "primary" }, "Send"));
    return [form];
  });
}

/** @param {Persona} persona */
function settings(persona) {
  const change = (/** @type {Record<string, unknown>} */ what) => void changePersona(persona.id, what).catch(() => undefined);
  sheet(`${persona.name}’s phone`, () => [
    h("p", { class: "quiet" }, `The business sees: ${identityOf(persona)}`),
    toggle("Airplane mode", "Nothing goes out, nothing comes in, until it is off again.", persona.airplane,
      (on) => change({ airplane: on })),
    toggle("Read receipts", "Tell the business when its messages were read.", persona.read_receipts,
      (on) => change({ read_receipts: on })),
  ]);
}
