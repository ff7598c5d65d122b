// @ts-check
/** Making elements. Text is always text; nothing here parses HTML. */

/** @typedef {Node|string|null|undefined|false} Child */

/**
 * Make an element: `on…` functions become listeners, true an empty attribute; null, undefined and false are left out.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, unknown>} [props]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on") && typeof value === "function") {
      element.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    } else {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

const PATHS = {
  back: "M15 5l-7 7 7 7",
  plus: "M12 5v14M5 12h14",
  send: "M4 12l16-8-6 16-3-6.500z",
  mic: "M12 3a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3zM6 11a6 6 0 0 0 12 0M12 17v4",
  stop: "M7 7h10v10H7z",
  more: "M12 6h.01M12 12h.01M12 18h.01",
  close: "M6 6l12 12M18 6L6 18",
  tick: "M4 13l5 5L20 7",
  ticks: "M1.500 13l4.500 4.500L16 7M11 16.500l1.500 1.200L22.500 7",
  clock: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 8v4.500l3 2",
  reply: "M9 7L4 12l5 5M4 12h9a7 7 0 0 1 7 7",
  edit: "M4 20l1-4L16 5l3 3L8 19z",
  trash: "M5 7h14M9 7V4h6v3M7 7l1 13h8l1-13",
  copy: "M9 9h10v11H9zM5 15V4h10",
  photo: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M9 9h.01",
  pin: "M12 21s7-6.300 7-11a7 7 0 0 0-14 0c0 4.700 7 11 7 11zM12 12.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5z",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c0-4 3.600-6 8-6s8 2 8 6",
  file: "M6 3h8l4 4v14H6zM14 3v4h4",
  smile: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM8.500 14.500c2 2.500 5 2.500 7 0M9 9.500h.01M15 9.500h.01",
  play: "M8 5l11 7-11 7z",
  pause: "M8 5v14M16 5v14",
  plane: "M21 15l-8-4V5a1.500 1.500 0 0 0-3 0v6l-8 4v2l8-2v4l-2 1.500V22l3.500-1 3.500 1v-1.500L13 19v-4l8 2z",
  list: "M8 6h12M8 12h12M8 18h12M4 6h.01M4 12h.01M4 18h.01",
  link: "M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1",
  block: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM6 6l12 12",
};

/**
 * Draw one of our line icons; it says nothing to screen readers.
 * @param {keyof typeof PATHS} name
 * @returns {SVGSVGElement}
 */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", `icon icon-${name}`);
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

/**
 * Make a button that shows only an icon but has a name.
 * @param {keyof typeof PATHS} name
 * @param {string} label
 * @param {(event: Event) => void} press
 * @param {string} [extra]
 */
export function iconButton(name, label, press, extra = "") {
  return h("button", { type: "button", class: `icon-button ${extra}`, "aria-label": label, title: label, onclick: press },
    icon(name));
}

/** @param {{name: string, id: string}} person */
export function avatar(person) {
  let sum = 5;
  for (const letter of person.id) sum = ((sum * 33) ^ letter.charCodeAt(0)) >>> 0;
  const initials = person.name.split(/\s+/).map((word) => Array.from(word)[0] ?? "").slice(0, 2).join("");
  return h("span", { class: `avatar tone-${sum % 6}`, "aria-hidden": "true" }, initials.toUpperCase());
}

let fading = 0;

/** @param {string} words */
export function toast(words) {
  const box = document.getElementById("toast");
  if (!box) return;
  box.textContent = words;
  box.classList.add("shown");
  clearTimeout(fading);
  fading = setTimeout(() => box.classList.remove("shown"), 5000);
}
