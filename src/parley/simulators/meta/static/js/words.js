// @ts-check
/** Turning moments and messages into words; light formatting of texts. */

import { h } from "./dom.js";

/** @typedef {import("./types.js").Message} Message */

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const dayName = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });
const shortDay = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });

/** @param {number} at Seconds */
export const timeOf = (at) => clock.format(at * 1000);

/** @param {number} at Seconds */
export function dayOf(at) {
  const date = new Date(at * 1000);
  const today = new Date();
  if (date.toDateString() === today.toDateString()) return "Today";
  today.setDate(today.getDate() - 1);
  return date.toDateString() === today.toDateString() ? "Yesterday" : dayName.format(date);
}

/** @param {number} at Seconds */
export function briefTime(at) {
  const date = new Date(at * 1000);
  return date.toDateString() === new Date().toDateString() ? timeOf(at) : shortDay.format(date);
}

/** @type {Record<string, string>} */
const KINDS = {
  image: "Photo", video: "Video", audio: "Voice note", document: "Document", sticker: "Sticker", location: "Location",
  contacts: "Contact", order: "Order", unsupported: "Not supported", template: "Message", interactive: "Message",
};

/**
 * Say a message in one line.
 * @param {Message} message
 * @returns {string}
 */
export function summary(message) {
  if (message.revoked) return "Deleted message";
  const content = message.content;
  switch (message.type) {
    case "text": return String(content.body ?? "");
    case "interactive": {
      const reply = content.button_reply ?? content.list_reply;
      return reply ? String(reply.title) : content.nfm_reply ? "Form sent" : String(content.body?.text ?? "Message");
    }
    case "button": return String(content.text ?? "");
    case "template": return String(content.body ?? content.name ?? "Message");
    default: return content.caption || content.filename || (KINDS[message.type] ?? message.type);
  }
}

const MARKS = /(```[\s\S]+?```|\*[^\s*](?:[^*\n]*[^\s*])?\*|_[^\s_](?:[^_\n]*[^\s_])?_|~[^\s~](?:[^~\n]*[^\s~])?~|https?:\/\/[^\s<]+[^\s<.,;:!?)"'])/u;

/**
 * Render *bold*, _italic_, ~struck~, ```code``` and links.
 * @param {string} text
 * @returns {HTMLSpanElement}
 */
export function rich(text) {
  const box = h("span", { class: "text", dir: "auto" });
  text.split(MARKS).forEach((part, index) => {
    if (index % 2 === 0) return box.append(part);
    if (part.startsWith("http")) {
      return box.append(h("a", { href: part, target: "_blank", rel: "noreferrer noopener" }, part));
    }
    if (part.startsWith("```")) return box.append(h("code", {}, part.slice(3, -3)));
    const tag = part[0] === "*" ? "strong" : part[0] === "_" ? "em" : "s";
    return box.append(h(tag, {}, part.slice(1, -1)));
  });
  return box;
}

/** @param {import("./types.js").Persona} persona */
export function identityOf(persona) {
  const phone = persona.phone ? `+${persona.phone}` : "";
  if (persona.identity === "phone") return phone;
  if (persona.identity === "phone_bsuid") return `${phone} and a user id`;
  return persona.username ? `@${persona.username}, number hidden` : "user id only, number hidden";
}
