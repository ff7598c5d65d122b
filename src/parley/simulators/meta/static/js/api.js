// @ts-check
/** Talking to the simulator. Every refusal becomes a sentence on the screen. */

import { toast } from "./dom.js";

/** @typedef {import("./types.js").Persona} Persona */
/** @typedef {import("./types.js").Message} Message */
/** @typedef {import("./types.js").State} State */

let number = "";

/** @param {string} id */
export function useNumber(id) {
  number = id;
}

/**
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body]
 * @returns {Promise<any>}
 */
async function call(method, path, body) {
  const query = number ? `?number=${encodeURIComponent(number)}` : "";
  /** @type {RequestInit} */
  const options = { method };
  if (body instanceof FormData) {
    options.body = body;
  } else if (body !== undefined) {
    options.body = JSON.stringify(body);
    options.headers = { "Content-Type": "application/json" };
  }
  let answer;
  try {
    answer = await fetch(`/sim/api/${path}${query}`, options);
  } catch {
    toast("The simulator does not answer. Is it still running?");
    throw new Error("offline");
  }
  const data = await answer.json();
  if (!answer.ok) {
    toast(data.error ?? "That did not work.");
    throw new Error(data.error);
  }
  return data;
}

/** @returns {Promise<State>} */
export const loadState = () => call("GET", "state");

/** @param {string} id @returns {Promise<{persona: Persona, messages: Message[]}>} */
export const loadChat = (id) => call("GET", `chats/${id}`);

/** @param {string} id @param {Record<string, unknown>} act @returns {Promise<{id: string}>} */
export const act = (id, act) => call("POST", `chats/${id}/acts`, act);

/** @param {string} id */
export const markSeen = (id) => call("POST", `chats/${id}/open`, {});

/** @param {string} id @param {Blob} file @param {string} name @returns {Promise<{id: string, mime_type: string}>} */
export function upload(id, file, name) {
  const form = new FormData();
  form.append("file", file, name);
  return call("POST", `chats/${id}/upload`, form);
}

/** @param {Record<string, unknown>} described @returns {Promise<Persona>} */
export const createPersona = (described) => call("POST", "personas", described);

/** @param {string} id @param {Record<string, unknown>} changes @returns {Promise<Persona>} */
export const changePersona = (id, changes) => call("PATCH", `personas/${id}`, changes);

/** @param {string} id */
export const fileUrl = (id) => `/sim/media/${encodeURIComponent(id)}`;
