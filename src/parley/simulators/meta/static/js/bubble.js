// @ts-check
/** One message on the screen: its frame, its ticks, its reactions, and the menu of what can be done with it. */

import { contentOf } from "./content.js";
import { h, icon, iconButton } from "./dom.js";
import { sheet } from "./sheet.js";
import { summary, timeOf } from "./words.js";

/** @typedef {import("./types.js").Message} Message */

/**
 * @typedef {object} Hands
 * @property {(id: string) => Message|undefined} find
 * @property {(act: Record<string, unknown>) => void} answer
 * @property {(message: Message) => void} reply
 * @property {(message: Message) => void} edit
 */

const EMOJI = ["👍", "❤️", "😂", "😮", "😢", "🙏"];
const STATES = { waiting: "waiting", sent: "sent", delivered: "delivered", read: "read by the business", failed: "failed" };

/**
 * @param {Message} message
 * @param {Hands} hands
 * @returns {HTMLElement}
 */
export function bubble(message, hands) {
  const side = message.by_business ? "theirs" : "ours";
  const quoted = message.context_id ? hands.find(message.context_id) : undefined;
  const body = h("div", { class: `bubble kind-${message.type}` },
    message.forwarded && h("small", { class: "forwarded" }, "Forwarded"),
    message.context_id && quote(quoted),
    ...contentOf(message, hands.answer),
    h("span", { class: "meta" }, message.edited && "edited", h("time", {}, timeOf(message.at)), ticks(message)));
  const open = () => menu(message, hands);
  const item = h("article", {
    class: `message ${side}`, id: `m-${message.id}`,
    "aria-label": `${message.by_business ? "Business" : "You"}: ${summary(message)}`,
  }, body, !message.revoked && iconButton("more", "What to do with this message", open, "message-menu"), reactions(message));
  if (!message.revoked) longPress(body, open);
  return item;
}

/** @param {Message|undefined} quoted */
function quote(quoted) {
  const words = quoted ? summary(quoted) : "An earlier message";
  return h("div", { class: "quote" }, h("b", {}, quoted ? (quoted.by_business ? "Business" : "You") : ""),
    h("span", { dir: "auto" }, words));
}

/** @param {Message} message */
function ticks(message) {
  if (message.by_business) return null;
  const name = message.state === "waiting" ? "clock" : message.state === "sent" ? "tick" : "ticks";
  return h("span", { class: `ticks ${message.state}` }, icon(name), h("span", { class: "sr" }, STATES[message.state]));
}

/** @param {Message} message */
function reactions(message) {
  const given = [message.reactions.customer, message.reactions.business].filter((one) => one !== undefined);
  if (given.length === 0) return null;
  const words = [message.reactions.customer && `you: ${message.reactions.customer}`,
    message.reactions.business && `business: ${message.reactions.business}`].filter(Boolean).join(", ");
  return h("span", { class: "reactions", role: "img", "aria-label": `Reactions: ${words}` }, given.join(" "));
}

/** @param {HTMLElement} element @param {() => void} open */
function longPress(element, open) {
  let waiting = 0;
  const cancel = () => clearTimeout(waiting);
  element.addEventListener("touchstart", () => {
    waiting = setTimeout(open, 450);
  }, { passive: true });
  for (const event of ["touchend", "touchmove", "touchcancel"]) element.addEventListener(event, cancel, { passive: true });
  element.addEventListener("contextmenu", (event) => {
    event.preventDefault();
    cancel();
    if (!document.querySelector("dialog[open]")) open();
  });
}

/** @param {Message} message @param {Hands} hands */
function menu(message, hands) {
  const own = !message.by_business;
  const mine = message.reactions.customer;
  sheet("Message", (close) => {
    /** @param {string} emoji */
    const face = (emoji) => h("button", {
      type: "button", class: "emoji", "aria-pressed": mine === emoji, "aria-label": `React with ${emoji}`,
      onclick: () => {
        close();
        hands.answer({ type: "reaction", reaction: { message_id: message.id, emoji: mine === emoji ? "" : emoji } });
      },
    }, emoji);
    /** @param {Parameters<typeof icon>[0]} name @param {string} label @param {() => void} press */
    const line = (name, label, press) => h("button", {
      type: "button", class: "menu-line",
      onclick: () => {
        close();
        press();
      },
    }, icon(name), label);
    const editable = own && (message.type === "text" || typeof message.content.caption === "string");
    return [
      h("p", { class: "menu-quote", dir: "auto" }, summary(message)),
      h("div", { class: "emojis", role: "group", "aria-label": "React" }, ...EMOJI.map(face)),
      line("reply", "Reply", () => hands.reply(message)),
      ...(message.type === "text" ? [line("copy", "Copy", () => void navigator.clipboard?.writeText(message.content.body))] : []),
      ...(editable ? [line("edit", "Edit", () => hands.edit(message))] : []),
      ...(own ? [line("trash", "Delete for everyone", () =>
        hands.answer({ type: "revoke", revoke: { original_message_id: message.id } }))] : []),
    ];
  });
}
