// @ts-check
/** A small player for voice notes. */

import { h, icon } from "./dom.js";

/** @param {number} seconds */
const length = (seconds) => (Number.isFinite(seconds)
  ? `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}` : "0:00");

/** @type {HTMLAudioElement|null} */
let playing = null;

/**
 * @param {string} url
 * @param {string} label
 * @returns {HTMLElement}
 */
export function player(url, label) {
  const sound = new Audio(url);
  sound.preload = "metadata";
  const button = h("button", { type: "button", class: "play", "aria-label": `Play ${label}` }, icon("play"));
  const slider = h("input", { type: "range", min: 0, max: 1000, value: 0, "aria-label": "Position" });
  const left = h("span", { class: "play-time" }, "0:00");
  const show = () => {
    const share = sound.duration ? sound.currentTime / sound.duration : 0;
    slider.value = String(Math.round(share * 1000));
    slider.style.setProperty("--played", `${share * 100}%`);
    left.textContent = length(sound.paused && sound.currentTime === 0 ? sound.duration : sound.currentTime);
  };
  /** @param {boolean} on */
  const face = (on) => {
    button.replaceChildren(icon(on ? "pause" : "play"));
    button.setAttribute("aria-label", `${on ? "Pause" : "Play"} ${label}`);
  };
  button.addEventListener("click", () => (sound.paused ? void sound.play() : sound.pause()));
  slider.addEventListener("input", () => {
    if (sound.duration) sound.currentTime = (Number(slider.value) / 1000) * sound.duration;
  });
  sound.addEventListener("play", () => {
    if (playing && playing !== sound) playing.pause();
    playing = sound;
    face(true);
  });
  sound.addEventListener("pause", () => face(false));
  sound.addEventListener("ended", () => {
    sound.currentTime = 0;
    show();
  });
  for (const event of ["timeupdate", "loadedmetadata", "durationchange"]) sound.addEventListener(event, show);
  return h("div", { class: "player" }, button, slider, left);
}
