// @ts-check
/** The first screen: everybody whose phone this can be. */

import { createPersona, useNumber } from "./api.js";
import { avatar, h, icon, iconButton } from "./dom.js";
import { sheet } from "./sheet.js";
import { briefTime, identityOf, summary } from "./words.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").Person} Person */

/**
 * @param {State} state
 * @param {{choose: (id: string) => void, reload: () => void}} on
 * @returns {HTMLElement}
 */
export function peopleView(state, on) {
  const yours = state.people.filter((person) => !person.auto);
  const others = state.people.filter((person) => person.auto);
  return h("section", { class: "view people", "aria-label": "People" },
    h("header", { class: "bar bar-tall" },
      h("div", { class: "bar-title" }, h("h2", {}, "Whose phone?"), numberLine(state, on.reload)),
      iconButton("plus", "New person", () => newPerson(on), "filled")),
    h("div", { class: "scroll" },
      group("Write as", yours, on.choose),
      group("They write by themselves", others, on.choose)));
}

/** @param {State} state @param {() => void} reload */
function numberLine(state, reload) {
  if (state.numbers.length < 2) {
    const first = state.numbers[0];
    return h("p", { class: "quiet" }, `to ${first.name}, ${first.display}`);
  }
  const select = h("select", { "aria-label": "Business number" },
    ...state.numbers.map((one) => h("option", { value: one.id, selected: one.id === state.number },
      `${one.name}, ${one.display}`)));
  select.addEventListener("change", () => {
    useNumber(select.value);
    reload();
  });
  return select;
}

/** @param {string} title @param {Person[]} people @param {(id: string) => void} choose */
function group(title, people, choose) {
  if (people.length === 0) return null;
  return h("section", { class: "group" }, h("h3", {}, title),
    h("ul", {}, ...people.map((person) => h("li", {}, row(person, choose)))));
}

/** @param {Person} person @param {(id: string) => void} choose */
function row(person, choose) {
  const last = person.last;
  const said = last ? `${last.by_business || person.auto ? "" : "You: "}${summary(last)}` : person.about || identityOf(person);
  return h("button", { type: "button", class: "row", onclick: () => choose(person.id) },
    avatar(person),
    h("span", { class: "row-main" },
      h("span", { class: "row-top" },
        h("b", { dir: "auto" }, person.name),
        person.airplane && icon("plane"),
        h("time", {}, last ? briefTime(last.at) : "")),
      h("span", { class: "row-last", dir: "auto" }, said)),
    person.unread > 0 && h("span", { class: "badge" }, String(person.unread),
      h("span", { class: "sr" }, " unread")));
}

/** @param {{choose: (id: string) => void, reload: () => void}} on */
function newPerson(on) {
  sheet("New person", (close) => {
    const name = h("input", { name: "name", required: true, maxlength: 60, autocomplete: "off", placeholder: "Ada Novak" });
    const phone = h("input", { name: "phone", type: "tel", autocomplete: "off", placeholder: "+44 7700 900321" });
    const identity = h("select", { name: "identity" },
      h("option", { value: "phone" }, "the phone number"),
      h("option", { value: "phone_bsuid" }, "number and user id"),
      h("option", { value: "bsuid" }, "only a user id"));
    const phoneLine = h("label", { class: "field" }, "Phone number", phone);
    const adapt = () => {
      phoneLine.hidden = identity.value === "bsuid";
      phone.required = !phoneLine.hidden;
    };
    identity.addEventListener("change", adapt);
    adapt();
    const form = h("form", {
      class: "form",
      onsubmit: async (/** @type {Event} */ event) => {
        event.preventDefault();
        const number = phoneLine.hidden ? null : phone.value;
        const made = await createPersona({ name: name.value, phone: number, identity: identity.value });
        close();
        on.choose(made.id);
      },
    },
    h("label", { class: "field" }, "Name", name),
    h("label", { class: "field" }, "The business sees", identity),
    phoneLine,
    h("button", { class: "primary" }, "Take this phone"));
    return [form];
  });
}
