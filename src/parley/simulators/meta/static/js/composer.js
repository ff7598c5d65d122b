// @ts-check
/** Where one writes: the text field, what can be attached, the microphone, and the note about a reply or an edit. */

import { act, upload } from "./api.js";
import { h, icon, iconButton, toast } from "./dom.js";
import { sheet } from "./sheet.js";
import { canRecord, record } from "./voice.js";
import { summary } from "./words.js";

/** @typedef {import("./types.js").Message} Message */

/** Places to share; inventions near real cities. */
const PLACES = [
  { name: "Home", address: "Lindenstraße 12, Berlin", latitude: 52.50251, longitude: 13.39142 },
  { name: "Office", address: "Calle Mayor 8, Madrid", latitude: 40.41592, longitude: -3.70734 },
  { name: "Riverside park", address: "London", latitude: 51.50633, longitude: -0.11892 },
];

/**
 * @param {string} persona
 * @returns {{element: HTMLElement, reply: (message: Message) => void, edit: (message: Message) => void,
 *   places: (context?: string) => void, focus: () => void}}
 */
export function composer(persona) {
  /** @type {Message|null} */
  let replying = null;
  /** @type {Message|null} */
  let editing = null;
  const note = h("div", { class: "compose-note", hidden: true });
  const field = h("textarea", { rows: 1, placeholder: "Message", "aria-label": "Message", dir: "auto", maxlength: 4096, enterkeyhint: "send" });
  const go = h("button", { type: "submit", class: "icon-button filled" });
  const file = h("input", { type: "file", accept: "image/*", hidden: true, "aria-label": "Photo file" });
  const form = h("form", { class: "compose" }, iconButton("plus", "Attach", () => attach()), field, go, file);

  const face = () => {
    const writing = field.value.trim() !== "" || editing !== null;
    go.replaceChildren(icon(writing ? "send" : "mic"));
    go.setAttribute("aria-label", writing ? "Send" : "Record a voice note");
    field.style.height = "auto";
    if (field.scrollHeight > 0) field.style.height = `${Math.min(field.scrollHeight + 2, 130)}px`;
  };
  const clear = () => {
    replying = editing = null;
    note.hidden = true;
    field.value = "";
    face();
  };
  /** @param {string} label @param {Message} message */
  const noteAbout = (label, message) => {
    note.replaceChildren(h("div", { class: "quote" }, h("b", {}, label), h("span", { dir: "auto" }, summary(message))),
      iconButton("close", "Never mind", clear));
    note.hidden = false;
    field.focus();
  };
  /** @param {Record<string, unknown>} what */
  const send = (what) => {
    const context = replying?.id;
    clear();
    act(persona, context ? { context, ...what } : what).catch(() => undefined);
  };
  const submit = () => {
    const text = field.value.trim();
    if (editing) {
      const original = editing.id;
      clear();
      if (text) act(persona, { type: "edit", edit: { original_message_id: original, text } }).catch(() => undefined);
    } else if (text) {
      send({ type: "text", text });
    } else {
      startVoice();
    }
    field.focus();
  };
  const sampleVoice = () => send({ type: "audio", voice: true });
  const startVoice = () => {
    if (!canRecord()) return sampleVoice();
    return voiceSheet((recording) => {
      upload(persona, recording, recording.name).then((media) => send({ type: "audio", voice: true, media: { id: media.id } }))
        .catch(() => undefined);
    }, sampleVoice);
  };
  /** @param {string} [context] */
  const places = (context) => sheet("Share a location", (close) => PLACES.map((place) => h("button", {
    type: "button", class: "menu-line",
    onclick: () => {
      close();
      send({ type: "location", location: place, ...(context ? { context } : {}) });
    },
  }, icon("pin"), h("span", {}, place.name, h("small", {}, place.address)))));
  const attach = () => sheet("Send", (close) => {
    /** @param {Parameters<typeof icon>[0]} name @param {string} label @param {() => void} press */
    const tile = (name, label, press) => h("button", {
      type: "button", class: "tile",
      onclick: () => {
        close();
        press();
      },
    }, icon(name), label);
    const card = { name: { formatted_name: "Noor Haddad", first_name: "Noor" }, phones: [{ phone: "+44 7700 900777", type: "CELL" }] };
    return [h("div", { class: "tiles" },
      tile("photo", "Photo…", () => file.click()),
      tile("photo", "Sample photo", () => send({ type: "image", media: { sample: "photo" }, caption: field.value.trim() || undefined })),
      tile("mic", "Sample voice note", sampleVoice),
      tile("smile", "Sticker", () => send({ type: "sticker" })),
      tile("file", "Receipt (PDF)", () => send({ type: "document" })),
      tile("play", "Short video", () => send({ type: "video" })),
      tile("pin", "Location", () => places()),
      tile("person", "Contact card", () => send({ type: "contacts", contacts: [card] })),
      tile("list", "A poll (unsupported)", () => send({ type: "unsupported", what: "poll_creation" })))];
  });

  file.addEventListener("change", () => {
    const chosen = file.files?.[0];
    file.value = "";
    if (!chosen) return;
    const words = field.value.trim();
    upload(persona, chosen, chosen.name).then((media) => {
      const kind = media.mime_type.startsWith("image/") ? "image" : "document";
      send({ type: kind, media: { id: media.id }, caption: words || undefined });
    }).catch(() => undefined);
  });
  field.addEventListener("input", face);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape") clear();
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    if (field.value.trim()) submit();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  face();
  return {
    element: h("div", { class: "composer" }, note, form),
    places,
    focus: () => field.focus(),
    reply(message) {
      clear();
      replying = message;
      noteAbout("Reply", message);
    },
    edit(message) {
      clear();
      editing = message;
      field.value = message.type === "text" ? message.content.body : message.content.caption;
      face();
      noteAbout("Edit", message);
    },
  };
}

/** @param {(recording: File) => void} done @param {() => void} sample */
async function voiceSheet(done, sample) {
  /** @type {Awaited<ReturnType<typeof record>>} */
  let recording;
  try {
    recording = await record();
  } catch {
    toast("No microphone to be had, so a sample voice note went instead.");
    sample();
    return;
  }
  let keep = false;
  const started = Date.now();
  const time = h("p", { class: "recording", role: "timer" }, "0:00");
  const ticking = setInterval(() => {
    const seconds = Math.floor((Date.now() - started) / 1000);
    time.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  }, 250);
  const dialog = sheet("Recording", (close) => [time, h("button", {
    type: "button", class: "primary",
    onclick: () => {
      keep = true;
      close();
    },
  }, "Send voice note")]);
  dialog.addEventListener("close", async () => {
    clearInterval(ticking);
    const made = await recording.stop(keep);
    if (made) done(made);
  });
}
