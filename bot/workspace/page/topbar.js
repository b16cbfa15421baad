// The bar on top: whose workspace, who you are, what can be tried, and whether we are connected.
import { avatar } from "./avatar.js";
import { el, icon, replace, uid } from "./dom.js";
import { local, t } from "./i18n.js";
import { place } from "./popup.js";
import { on, state, tell } from "./state.js";

const status = el("p", { class: "connection", role: "status" });

export function topbar() {
  drawStatus();
  return el(
    "header",
    { class: "topbar" },
    el("button", { type: "button", class: "icon-button drawer-button", "aria-label": t("open-sidebar"), "aria-controls": "sidebar", "aria-expanded": "false", onclick: () => drawer(!document.body.classList.contains("drawer-open")) }, icon("menu")),
    el("h1", {}, state.boot.team.name),
    status,
    switcher(),
    el("button", { type: "button", class: "button try-button", "aria-label": t("try-out"), onclick: () => tell("open-try") }, icon("play"), el("span", {}, t("try-out"))),
  );
}

/** The sidebar of a narrow window: open it, or shut it and come back to the button. */
export function drawer(open) {
  const button = document.querySelector(".drawer-button");
  const was = document.body.classList.toggle("drawer-open", open) !== (button.getAttribute("aria-expanded") === "true");
  button.setAttribute("aria-expanded", String(open));
  if (was) (open ? document.querySelector(".sidebar .place") : button).focus();
}
addEventListener("keydown", (event) => event.key === "Escape" && document.body.classList.contains("drawer-open") && drawer(false));

const name = (member) => member.real_name || member.name;
const role = (member) => local(member.title);

function badges(member) {
  const words = [];
  if (member.external) words.push(t("other-organisation"));
  if (member.is_guest || member.is_single_channel_guest) words.push(t("guest"));
  return words.map((word) => el("span", { class: "badge outline" }, word));
}

/** "You are: …": a button that opens the list of everybody whom one can be. */
function switcher() {
  const id = uid("members");
  const button = el("button", { type: "button", class: "you", "aria-haspopup": "listbox", "aria-expanded": "false", "aria-controls": id },
    avatar(state.me.id, name(state.me), false, "small"),
    el("span", { class: "you-words" }, el("span", { class: "you-are" }, t("you-are")), " ", el("strong", {}, name(state.me)), el("span", { class: "you-role" }, ` · ${role(state.me)}`)),
    icon("down"));
  const rows = state.boot.members.map((member) =>
    el("div", { role: "option", class: "menu-item member", tabindex: -1, "aria-selected": String(member.id === state.me.id), "data-member": member.id, onclick: () => choose(member) },
      avatar(member.id, name(member), false, "small"),
      el("span", {}, el("strong", {}, name(member)), " ", badges(member), el("span", { class: "option-description" }, role(member)))));
  const list = el("div", { id, class: "menu members", role: "listbox", popover: "auto", "aria-label": t("members"), onkeydown: keys }, rows);
  list.addEventListener("toggle", (event) => button.setAttribute("aria-expanded", String(event.newState === "open")));
  button.popoverTargetElement = list;
  button.addEventListener("click", () => requestAnimationFrame(() => {
    if (!list.matches(":popover-open")) return;
    place(list, button);
    (rows.find((row) => row.getAttribute("aria-selected") === "true") ?? rows[0]).focus();
  }));
  function choose(member) {
    list.hidePopover();
    if (member.id === state.me.id) button.focus();
    else tell("become", member.id);
  }
  function keys(event) {
    const at = rows.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
    if (to !== undefined) rows.at(to % rows.length).focus();
    else if (event.key === "Enter" || event.key === " ") choose(state.boot.members[at]);
    else return;
    event.preventDefault();
  }
  return el("div", { class: "switcher" }, button, list);
}

function drawStatus() {
  const words = state.connected === false ? t("reconnecting") : state.boot.app.connected === false ? t("app-away", { name: state.boot.app.name }) : null;
  status.classList.toggle("bad", Boolean(words));
  replace(status, words);
}
on("status", drawStatus);
