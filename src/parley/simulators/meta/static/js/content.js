// @ts-check
/** What is inside a bubble, by type of message. */

import { fileUrl } from "./api.js";
import { h, icon } from "./dom.js";
import { player } from "./player.js";
import { rich } from "./words.js";

/** @typedef {import("./types.js").Message} Message */
/** @typedef {(act: Record<string, unknown>) => void} Answer */

/**
 * @param {Message} message
 * @param {Answer} answer
 * @returns {Node[]}
 */
export function contentOf(message, answer) {
  if (message.revoked) {
    return [h("span", { class: "gone" }, icon("block"), message.by_business ? "Deleted" : "You deleted this message")];
  }
  const content = message.content;
  switch (message.type) {
    case "text": return [rich(String(content.body ?? ""))];
    case "image": return [picture(content, "Photo"), ...caption(content)];
    case "sticker": return [picture(content, "Sticker")];
    case "video": return [film(content), ...caption(content)];
    case "audio": return [content.id ? player(fileUrl(content.id), "voice note") : linked(content)];
    case "document": return [paper(content), ...caption(content)];
    case "location": return [place(content)];
    case "contacts": return cards(content);
    case "button": return [rich(String(content.text ?? ""))];
    case "interactive": return interactive(message, answer);
    case "template": return template(message, answer);
    case "unsupported": return [h("span", { class: "gone" }, icon("block"), "Something a business cannot receive")];
    default: return [h("span", { class: "gone" }, `A message of type “${message.type}”`)];
  }
}

/** @param {Record<string, any>} content */
const caption = (content) => (content.caption ? [rich(String(content.caption))] : []);

/** @param {Record<string, any>} content */
function linked(content) {
  const url = String(content.link ?? "");
  return h("a", { class: "paper", href: url, target: "_blank", rel: "noreferrer noopener" }, icon("link"),
    h("span", {}, url));
}

/** @param {Record<string, any>} content @param {string} name */
function picture(content, name) {
  if (!content.id) return linked(content);
  const label = content.caption ? `${name}: ${content.caption}` : name;
  const image = h("img", { class: "picture", src: fileUrl(content.id), alt: label, loading: "lazy" });
  return name === "Sticker" ? image
    : h("a", { href: fileUrl(content.id), target: "_blank", rel: "noopener", class: "frame" }, image);
}

/** @param {Record<string, any>} content */
function film(content) {
  if (!content.id) return linked(content);
  return h("video", { class: "picture", src: fileUrl(content.id), controls: true, preload: "metadata", "aria-label": "Video" });
}

/** @param {Record<string, any>} content */
function paper(content) {
  if (!content.id) return linked(content);
  const name = String(content.filename ?? "Document");
  return h("a", { class: "paper", href: fileUrl(content.id), download: name }, icon("file"), h("span", { dir: "auto" }, name));
}

/** @param {Record<string, any>} content */
function place(content) {
  const where = `${Number(content.latitude).toFixed(5)}, ${Number(content.longitude).toFixed(5)}`;
  return h("div", { class: "place" }, h("div", { class: "map" }, icon("pin")),
    h("b", { dir: "auto" }, String(content.name ?? "Location")), content.address && h("span", { dir: "auto" }, content.address),
    h("small", {}, where));
}

/** @param {Record<string, any>} content @returns {Node[]} */
function cards(content) {
  const list = /** @type {any[]} */ (Array.isArray(content) ? content : content.contacts ?? []);
  return list.map((card) => h("div", { class: "card" }, icon("person"),
    h("span", {}, h("b", { dir: "auto" }, String(card.name?.formatted_name ?? "Contact")),
      ...(card.phones ?? []).map((/** @type {any} */ one) => h("small", {}, String(one.phone ?? ""))))));
}

/** @param {Message} message @param {Answer} answer @returns {Node[]} */
function interactive(message, answer) {
  const content = message.content;
  const reply = content.button_reply ?? content.list_reply;
  if (reply) return [h("b", { dir: "auto" }, reply.title), ...(reply.description ? [h("small", { dir: "auto" }, reply.description)] : [])];
  if (content.nfm_reply) return [h("span", { class: "gone" }, icon("tick"), "Form sent")];
  return [...header(content), ...(content.body ? [rich(String(content.body.text))] : []),
    ...(content.footer ? [h("small", { class: "footer", dir: "auto" }, content.footer.text)] : []),
    ...choices(message, answer)];
}

/** @param {Record<string, any>} content @returns {Node[]} */
function header(content) {
  const head = content.header;
  if (!head) return [];
  if (head.type === "text") return [h("b", { class: "header", dir: "auto" }, head.text)];
  const media = head[head.type] ?? {};
  return [head.type === "image" ? picture(media, "Photo") : head.type === "video" ? film(media) : paper(media)];
}

/** @param {string} label @param {() => void} press @param {import("./dom.js").Child} [mark] */
const choice = (label, press, mark) =>
  h("button", { type: "button", class: "choice", onclick: press }, mark, h("span", { dir: "auto" }, label));

/** @param {Message} message @param {Answer} answer @returns {Node[]} */
function choices(message, answer) {
  const { type, action = {} } = message.content;
  const context = message.id;
  const parameters = action.parameters ?? {};
  if (type === "button") {
    return (action.buttons ?? []).map((/** @type {any} */ one) => choice(one.reply.title,
      () => answer({ type: "button_reply", button_reply: one.reply, context })));
  }
  if (type === "list") {
    return [choice(action.button, () => answer({ open: "list", action, context }), icon("list"))];
  }
  if (type === "cta_url") {
    return [h("a", { class: "choice", href: parameters.url, target: "_blank", rel: "noreferrer noopener" }, icon("link"),
      h("span", { dir: "auto" }, parameters.display_text))];
  }
  if (type === "location_request_message") {
    return [choice("Send location", () => answer({ open: "location", context }), icon("pin"))];
  }
  if (type === "flow") {
    return [choice(parameters.flow_cta ?? "Open", () => answer({ type: "flow_reply", context,
      answers: { flow_token: parameters.flow_token ?? "unused", answer: "A sample answer from the simulated phone" } }))];
  }
  return [h("small", { class: "footer" }, `(${type})`)];
}

/** @param {Message} message @param {Answer} answer @returns {Node[]} */
function template(message, answer) {
  const content = message.content;
  return [...(content.header ? [h("b", { class: "header", dir: "auto" }, content.header)] : []),
    rich(String(content.body ?? content.name)),
    ...(content.footer ? [h("small", { class: "footer", dir: "auto" }, content.footer)] : []),
    ...(content.buttons ?? []).map((/** @type {string} */ text) => choice(text,
      () => answer({ type: "button", button: { payload: text, text }, context: message.id })))];
}
