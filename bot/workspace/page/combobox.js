// The one select of this page: type to filter, arrows to move, Enter to choose. Single or multiple, static or from the app.
// Roles and keys follow the ARIA authoring practices' "editable combobox with list autocomplete".
import { append, el, icon, replace, uid } from "./dom.js";
import { t } from "./i18n.js";
import { plainText, textObject } from "./mrkdwn_dom.js";
import { place } from "./popup.js";

const TYPING_PAUSE_MS = 200;

/**
 * `load(query)` resolves to {options} or {option_groups}; `onChange(chosen)` hears every change (an array of options).
 * `remote`: the app filters, from `minQuery` characters on; otherwise we filter by the text.
 */
export class Combobox {
  constructor({ names, placeholder, multiple = false, chosen = [], load, remote = false, minQuery = 0, most = Infinity, onChange, focus }) {
    Object.assign(this, { multiple, chosen: [...chosen], load, remote, minQuery, most, onChange, active: -1, shown: [], asked: 0 });
    this.placeholder = placeholder;
    const list = uid("list");
    this.input = el("input", {
      type: "text", role: "combobox", autocomplete: "off", spellcheck: "false", "aria-autocomplete": "list", "aria-expanded": "false",
      "aria-controls": list, ...names, "data-action": focus,
      oninput: () => this.later(), onclick: () => this.open(), onkeydown: (event) => this.key(event), onblur: () => this.close(),
    });
    this.list = el("div", { id: list, role: "listbox", class: "menu", popover: "manual", "aria-label": names["aria-label"] ?? t("choices"), "aria-multiselectable": multiple ? "true" : null, onpointerdown: (event) => event.preventDefault() });
    this.hint = el("span", { class: "visually-hidden", role: "status" });
    this.chips = el("span", { class: "chips" });
    this.field = el("span", { class: "combobox-field", onpointerdown: (event) => this.press(event) }, this.chips, this.input, icon("down"));
    this.node = el("span", { class: "combobox" }, this.field, this.list, this.hint);
    this.draw();
  }

  get isOpen() {
    return this.input.getAttribute("aria-expanded") === "true";
  }

  /** What is chosen, in the field. */
  draw() {
    const none = !this.chosen.length;
    this.input.placeholder = none || this.multiple ? (none ? this.placeholder : "") : plainText(this.chosen[0].text);
    this.input.classList.toggle("has-value", !none && !this.multiple);
    this.input.value = this.multiple || none ? "" : plainText(this.chosen[0].text);
    // Only what changed: a press on a chip takes the focus from the input first, and must still find its button.
    if (!this.multiple || this.drawn === this.chosen.map((option) => option.value).join("\n")) return;
    this.drawn = this.chosen.map((option) => option.value).join("\n");
    replace(this.chips, this.chosen.map((option) => {
      const name = plainText(option.text);
      const remove = el("button", { type: "button", class: "chip-remove", "aria-label": t("remove", { name }), onclick: () => this.toggle(option) }, icon("close"));
      return el("span", { class: "chip" }, name, remove);
    }));
  }

  press(event) {
    if (event.target === this.input || event.target.closest("button")) return;
    event.preventDefault();
    this.input.focus();
    this.open();
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.open(this.input.value), this.remote ? TYPING_PAUSE_MS : 0);
  }

  /** Show the list for a query; without one, everything. */
  async open(query = "") {
    if (!this.isOpen) {
      this.input.setAttribute("aria-expanded", "true");
      this.list.showPopover();
      this.follow = () => place(this.list, this.field);
      addEventListener("scroll", this.follow, true);
      if (!this.multiple) this.input.select();
    }
    const mine = ++this.asked;
    if (query.length < this.minQuery) return this.say(t("type-more", { n: this.minQuery }));
    if (this.remote) this.say(t("searching"));
    const answer = await this.load(query).catch((error) => ({ error: error.message }));
    if (mine !== this.asked || !this.isOpen) return;
    if (answer.error) return this.say(answer.text || answer.error);
    this.fill(answer, this.remote ? "" : query.toLocaleLowerCase());
  }

  say(text) {
    this.shown = [];
    this.mark(-1);
    replace(this.list, el("p", { class: "menu-note" }, text));
    this.hint.textContent = text;
    place(this.list, this.field);
  }

  fill(answer, filter) {
    const groups = answer.option_groups ?? [{ options: answer.options ?? [] }];
    this.shown = [];
    this.list.replaceChildren();
    for (const group of groups) {
      const fitting = group.options.filter((option) => plainText(option.text).toLocaleLowerCase().includes(filter));
      if (!fitting.length) continue;
      const rows = fitting.map((option) => this.row(option));
      if (!group.label) append(this.list, rows);
      else {
        const label = uid("group");
        append(this.list, [el("div", { role: "group", "aria-labelledby": label }, el("div", { class: "group-label", id: label }, textObject(group.label)), rows)]);
      }
    }
    if (!this.shown.length) return this.say(t("no-results"));
    const at = this.shown.findIndex(({ option }) => this.has(option));
    this.mark(Math.max(at, 0));
    this.hint.textContent = t("results", { n: this.shown.length });
    place(this.list, this.field);
  }

  row(option) {
    const index = this.shown.length;
    const node = el(
      "div",
      { role: "option", id: uid("option"), class: "menu-item", "aria-selected": String(this.has(option)), onclick: () => this.pick(option), onpointermove: () => this.mark(index) },
      el("span", {}, textObject(option.text)),
      option.description ? el("span", { class: "option-description" }, textObject(option.description)) : null,
    );
    this.shown.push({ option, node });
    return node;
  }

  has = (option) => this.chosen.some((one) => one.value === option.value);

  mark(index) {
    this.active = index;
    this.shown.forEach(({ node }, at) => node.classList.toggle("active", at === index));
    const node = this.shown[index]?.node;
    if (node) this.input.setAttribute("aria-activedescendant", node.id);
    else this.input.removeAttribute("aria-activedescendant");
    node?.scrollIntoView({ block: "nearest" });
  }

  key(event) {
    const { key } = event;
    if (key === "ArrowDown" || key === "ArrowUp") {
      if (!this.isOpen) this.open();
      else if (this.shown.length) this.mark((this.active + (key === "ArrowDown" ? 1 : -1) + this.shown.length) % this.shown.length);
    } else if (key === "Enter") {
      if (!this.isOpen) this.open();
      else if (this.shown[this.active]) this.pick(this.shown[this.active].option);
    } else if (key === "Escape" && this.isOpen) this.close();
    else if (key === "Backspace" && this.multiple && !this.input.value && this.chosen.length) return this.toggle(this.chosen.at(-1));
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  pick(option) {
    if (this.multiple) return this.toggle(option);
    const same = this.has(option);
    this.chosen = [option];
    this.close();
    if (!same) this.onChange?.(this.chosen);
  }

  toggle(option) {
    if (this.has(option)) this.chosen = this.chosen.filter((one) => one.value !== option.value);
    else if (this.chosen.length < this.most) this.chosen.push(option);
    else return this.say(t("at-most", { n: this.most }));
    this.draw();
    for (const row of this.shown) row.node.setAttribute("aria-selected", String(this.has(row.option)));
    this.onChange?.(this.chosen);
    this.input.focus();
  }

  close() {
    clearTimeout(this.timer);
    this.asked++;
    if (!this.isOpen) return this.draw();
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
    this.list.hidePopover();
    removeEventListener("scroll", this.follow, true);
    this.draw();
  }
}
