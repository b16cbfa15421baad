// What can be tried here: tasks, one press each, and the controls over time and over the next order.
import * as api from "./api.js";
import { el, icon, uid } from "./dom.js";
import { full, now } from "./format.js";
import { local, t } from "./i18n.js";
import { on, state, tell } from "./state.js";
import { panel } from "./thread.js";

export function taskList() {
  return el("ul", { class: "tasks" }, (state.boot.tasks ?? []).map((task) => el("li", {}, taskButton(task))));
}

function taskButton(task) {
  const as = state.members.get(task.member);
  const press = async (event) => {
    const button = event.currentTarget;
    if (button.getAttribute("aria-busy") === "true") return;
    button.setAttribute("aria-busy", "true");
    tell("run-task", task);
    setTimeout(() => button.removeAttribute("aria-busy"), 1000);
  };
  return el("button", { type: "button", class: "task", "data-task": task.id, onclick: press },
    el("span", { class: "task-title" }, local(task.title)),
    el("span", { class: "task-hint" }, local(task.hint)),
    el("span", { class: "task-command" }, el("code", {}, task.text), as && as.id !== state.me.id ? el("span", { class: "task-as" }, t("as", { name: as.real_name || as.name })) : null));
}

export function tryPanel() {
  const { clock, orders, slack } = state.boot.controls ?? {};
  return {
    kind: "try",
    node: panel(t("try-out"), null,
      el("div", { class: "panel-body", tabindex: 0, role: "group", "aria-labelledby": "panel-title" },
        el("p", { class: "assurance" }, icon("check"), el("strong", {}, t("nothing-ordered")), " ", t("nothing-ordered-why")),
        clock ? clockControls() : null,
        orders?.length ? orderControls(orders) : null,
        slack ? slackControls(slack) : null,
        el("h3", {}, t("tasks")), taskList())),
    load: null,
  };
}

/** A status line, and a way to run something whose end it tells. */
function reporter() {
  const line = el("p", { class: "control-status", role: "status" });
  const run = async (button, work, done) => {
    button.setAttribute("aria-busy", "true");
    try {
      await work();
      line.classList.remove("bad");
      line.textContent = done();
    } catch (error) {
      line.classList.add("bad");
      line.textContent = error.message;
    } finally {
      button.removeAttribute("aria-busy");
    }
  };
  return { line, run };
}

function clockControls() {
  const { line, run } = reporter();
  const reading = el("time", { class: "clock-reading" }, full(now()));
  const advance = (button, hours) => run(button, () => api.advanceClock(hours * 3600), () => t("clock-advanced", { n: hours.toLocaleString(state.locale) }));
  const id = uid("hours");
  const hours = el("input", { id, class: "field short", type: "number", min: "0.1", max: "8760", step: "any", value: "48", required: true });
  clockReadings.clear();
  clockReadings.add(reading);
  return el("section", { class: "control" },
    el("h3", {}, t("clock")), el("p", { class: "small" }, t("clock-now"), " ", reading),
    el("div", { class: "actions" }, [4, 24].map((n) => el("button", { type: "button", class: "button", onclick: (event) => advance(event.currentTarget, n) }, t("clock-plus", { n })))),
    el("form", { class: "actions", onsubmit: (event) => (event.preventDefault(), advance(event.submitter ?? event.target, hours.valueAsNumber)) },
      el("label", { for: id }, t("clock-hours")), hours, el("button", { type: "submit", class: "button" }, t("clock-advance"))),
    line);
}

function orderControls(kinds) {
  const { line, run } = reporter();
  const id = uid("kind");
  const words = (kind) => {
    const text = t(`order.${kind}`);
    return text === `order.${kind}` ? kind : text;
  };
  const select = el("select", { id, class: "field" }, kinds.map((kind) => el("option", { value: kind }, words(kind))));
  return el("section", { class: "control" },
    el("h3", {}, t("orders")), el("p", { class: "small" }, t("orders-text")),
    el("div", { class: "actions" }, el("label", { for: id, class: "visually-hidden" }, t("orders")), select,
      el("button", { type: "button", class: "button", onclick: (event) => run(event.currentTarget, () => api.failNextOrder(select.value), () => t("orders-set", { kind: words(select.value) })) }, t("orders-do"))),
    line);
}

function slackControls(slack) {
  const { line, run } = reporter();
  const id = uid("slack");
  const words = (kind) => t(`slack.${kind}`);
  const select = el("select", { id, class: "field" }, slack.kinds.map((kind) => el("option", { value: kind, selected: kind === slack.now }, words(kind))));
  const turn = async () => {
    await api.troubleSlack(select.value);
    slack.now = select.value;
  };
  return el("section", { class: "control" },
    el("h3", {}, t("slack")), el("p", { class: "small" }, t("slack-text")),
    el("div", { class: "actions" }, el("label", { for: id, class: "visually-hidden" }, t("slack")), select,
      el("button", { type: "button", class: "button", onclick: (event) => run(event.currentTarget, turn, () => t("slack-set", { kind: words(slack.now) })) }, t("slack-do"))),
    line);
}

const clockReadings = new Set();
on("clock-moved", () => clockReadings.forEach((node) => (node.textContent = full(now()))));
