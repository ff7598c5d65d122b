// @ts-check
/** Sheets: dialogs that rise from the bottom of the phone. They close on Escape and on a press outside. */

import { h, iconButton } from "./dom.js";

/**
 * Open a sheet; focus returns to where it was when the sheet closes.
 * @param {string} title
 * @param {(close: () => void) => Node[]} fill
 * @returns {HTMLDialogElement}
 */
export function sheet(title, fill) {
  const close = () => dialog.close();
  const heading = h("h2", { id: "sheet-title" }, title);
  const dialog = h("dialog", { class: "sheet", "aria-labelledby": "sheet-title" },
    h("div", { class: "sheet-head" }, heading, iconButton("close", "Close", close)));
  dialog.append(h("div", { class: "sheet-body" }, ...fill(close)));
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) close();
  });
  const screen = document.getElementById("screen") ?? document.body;
  const fit = () => {
    const frame = screen.getBoundingClientRect();
    dialog.style.setProperty("--top", `${frame.top}px`);
    dialog.style.setProperty("--left", `${frame.left}px`);
    dialog.style.setProperty("--right", `${document.documentElement.clientWidth - frame.right}px`);
    dialog.style.setProperty("--bottom", `${innerHeight - frame.bottom}px`);
    dialog.style.setProperty("--room", `${frame.height * 0.88}px`);
  };
  fit();
  addEventListener("resize", fit);
  dialog.addEventListener("close", () => {
    removeEventListener("resize", fit);
    dialog.remove();
  });
  screen.append(dialog);
  dialog.showModal();
  return dialog;
}

/**
 * A switch with a name and a line about what it does.
 * @param {string} label
 * @param {string} note
 * @param {boolean} on
 * @param {(on: boolean) => void} change
 */
export function toggle(label, note, on, change) {
  const box = h("input", {
    type: "checkbox", role: "switch", checked: on,
    onchange: (/** @type {Event} */ event) => change(/** @type {HTMLInputElement} */ (event.target).checked),
  });
  return h("label", { class: "toggle" }, h("span", {}, h("b", {}, label), h("small", {}, note)), box);
}
