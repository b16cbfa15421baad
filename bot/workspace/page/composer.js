// The box: text, and slash commands with a list of what there is. A command is pending until Slack knows.
import * as api from "./api.js";
import { el, icon, replace, uid } from "./dom.js";
import { t } from "./i18n.js";
import { menuButton } from "./menu.js";
import { place } from "./popup.js";
import { state } from "./state.js";

const drafts = new Map();

export class Composer {
  constructor({ channel, threadTs, label, sent }) {
    Object.assign(this, { channel, threadTs, sent, active: 0, found: [] });
    this.key = `${state.me.id}/${channel}/${threadTs ?? ""}`;
    const list = uid("commands");
    this.input = el("textarea", {
      class: "composer-input", rows: 1, placeholder: label, "aria-label": label, "aria-autocomplete": "list", "aria-controls": list, value: drafts.get(this.key) ?? "",
      oninput: () => this.typed(), onkeydown: (event) => this.pressed(event), onblur: () => this.hide(),
    });
    this.list = el("div", { id: list, class: "menu commands", role: "listbox", popover: "manual", "aria-label": t("commands"), onpointerdown: (event) => event.preventDefault() });
    this.hint = el("p", { class: "composer-hint" });
    this.status = el("p", { class: "composer-status", role: "status" });
    this.error = el("p", { class: "trouble", role: "alert", hidden: true });
    this.button = el("button", { type: "submit", class: "icon-button send", "aria-label": t("send"), title: t("send") }, icon("send"));
    this.box = el("div", { class: "composer-box" }, this.input, el("div", { class: "composer-row" }, this.shortcuts(), this.hint, this.button));
    this.node = el("form", { class: "composer", onsubmit: (event) => (event.preventDefault(), this.send()) }, this.error, this.status, this.box, this.list);
    this.typed();
  }

  /** Global shortcuts of the app, where it has any. */
  shortcuts() {
    const all = (state.boot.shortcuts ?? []).filter((one) => one.type === "global");
    if (!all.length) return null;
    const run = (one) => api.shortcut({ callback_id: one.callback_id }).then((answer) => answer.ok || this.fail(answer.text)).catch((error) => this.fail(error.message));
    return menuButton({ label: t("shortcuts"), content: icon("spark"), items: all.map((one) => ({ label: one.name, description: one.description, run: () => run(one) })) });
  }

  writable(yes) {
    this.input.disabled = this.button.disabled = !yes;
    this.input.placeholder = yes ? this.input.getAttribute("aria-label") : t("read-only");
  }

  typed() {
    const { value } = this.input;
    drafts.set(this.key, value);
    this.input.style.height = "auto";
    if (this.input.scrollHeight) this.input.style.height = `${Math.min(this.input.scrollHeight, 200)}px`;
    const command = state.boot.commands.find((one) => value.startsWith(`${one.command} `) || value === one.command);
    this.hint.textContent = command?.usage_hint ? `${command.command} ${command.usage_hint}` : "";
    this.found = /^\/\S*$/.test(value) ? state.boot.commands.filter((one) => one.command.startsWith(value)) : [];
    if (this.found.length && document.activeElement === this.input) this.show();
    else this.hide();
  }

  show() {
    replace(this.list, this.found.map((one, index) =>
      el("div", { role: "option", id: `${this.list.id}-${index}`, class: "menu-item", onclick: () => this.choose(one), onpointermove: () => this.mark(index) },
        el("span", {}, el("strong", {}, one.command), " ", el("span", { class: "usage" }, one.usage_hint)),
        el("span", { class: "option-description" }, one.description))));
    if (!this.list.matches(":popover-open")) this.list.showPopover();
    place(this.list, this.box);
    this.mark(0);
    this.status.textContent = t("results", { n: this.found.length });
  }

  mark(index) {
    this.active = index;
    [...this.list.children].forEach((node, at) => {
      node.classList.toggle("active", at === index);
      node.setAttribute("aria-selected", String(at === index));
    });
    this.input.setAttribute("aria-activedescendant", `${this.list.id}-${index}`);
  }

  hide() {
    if (!this.list.matches(":popover-open")) return;
    this.list.hidePopover();
    this.input.removeAttribute("aria-activedescendant");
    this.status.textContent = "";
  }

  choose(command) {
    this.write(`${command.command} `);
    this.input.focus();
  }

  /** Put text into the box, as if it had been typed. */
  write(text) {
    this.input.value = text;
    this.typed();
  }

  pressed(event) {
    const open = this.list.matches(":popover-open");
    const exact = this.found.some((one) => one.command === this.input.value);
    if (open && (event.key === "ArrowDown" || event.key === "ArrowUp"))
      this.mark((this.active + (event.key === "ArrowDown" ? 1 : -1) + this.found.length) % this.found.length);
    else if (open && (event.key === "Tab" || (event.key === "Enter" && !exact)) && !event.shiftKey) this.choose(this.found[this.active]);
    else if (open && event.key === "Escape") this.hide();
    else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) this.send();
    else return;
    event.preventDefault();
  }

  async send(text = this.input.value) {
    if (!text.trim() || this.input.disabled) return;
    this.write("");
    this.error.hidden = true;
    this.waiting = (this.waiting ?? 0) + 1;
    if (text.startsWith("/")) this.status.textContent = t("running", { command: text.split(/\s/)[0] });
    this.node.classList.add("busy");
    try {
      await api.send(this.channel, text, this.threadTs);
      this.sent?.();
    } catch (error) {
      this.fail(error.message);
      if (!this.input.value) this.write(text);
    } finally {
      if (!--this.waiting) {
        this.node.classList.remove("busy");
        this.status.textContent = "";
      }
    }
  }

  fail(text) {
    this.error.textContent = text;
    this.error.hidden = false;
  }
}
