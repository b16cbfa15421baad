// Interactive elements of Block Kit but for the selects: one function each, (element, block, ctx) -> DOM.
import { dispatch } from "./actions.js";
import { el, safeUrl, uid } from "./dom.js";
import { t } from "./i18n.js";
import { textObject } from "./mrkdwn_dom.js";
import { overflow, select } from "./selects.js";

function button(element, block, ctx) {
  const url = element.url && safeUrl(element.url);
  const style = { primary: " primary", danger: " danger" }[element.style] ?? "";
  const common = { class: `button${style}`, "aria-label": element.accessibility_label, "data-action": element.action_id };
  const press = (event) => dispatch(ctx, block, element, event.currentTarget);
  if (url) return el("a", { ...common, href: url.href, target: "_blank", rel: "noopener noreferrer", onclick: press }, textObject(element.text));
  return el("button", { ...common, type: "button", onclick: press }, textObject(element.text));
}

/** radio_buttons and checkboxes: a group of native inputs, each with its label and description. */
function choices(type) {
  const single = type === "radio";
  return (element, block, ctx) => {
    const key = single ? "selected_option" : "selected_options";
    const before = ctx.form.remembered(block, element);
    const first = [(before ? before[key] : (element.initial_option ?? element.initial_options)) ?? []].flat().map((option) => option.value);
    const name = uid("choice");
    const inputs = element.options.map((option) =>
      el("input", { type, name, value: option.value, checked: first.includes(option.value), "data-action": element.action_id }));
    const read = () => {
      const chosen = element.options.filter((_, index) => inputs[index].checked);
      return { [key]: single ? (chosen[0] ?? null) : chosen };
    };
    ctx.form.register(block, element, read);
    return el(
      "div",
      {
        class: "choices", role: single ? "radiogroup" : "group", ...ctx.names(block, element, t("choices")),
        onchange: (event) => {
          ctx.changed?.(block);
          if (ctx.dispatches(block)) dispatch(ctx, block, element, event.currentTarget, read());
        },
      },
      element.options.map((option, index) =>
        el("label", { class: "choice" }, inputs[index], el("span", {}, el("span", {}, textObject(option.text)),
          option.description ? el("span", { class: "option-description" }, textObject(option.description)) : null))),
    );
  };
}

/** Pickers of dates and times: the browser's own. */
function picker(type, key, first, toInput = (value) => value, fromInput = (value) => value || null) {
  return (element, block, ctx) => {
    const before = ctx.form.remembered(block, element);
    const value = before ? before[key] : element[first];
    const input = el("input", { type, class: "field short", value: value ? toInput(value) : "", ...ctx.names(block, element, t(`pick.${type}`)), "data-action": element.action_id });
    const read = () => ({ [key]: fromInput(input.value) });
    ctx.form.register(block, element, read);
    input.addEventListener("change", () => {
      ctx.changed?.(block);
      if (ctx.dispatches(block)) dispatch(ctx, block, element, input, read());
    });
    return input;
  };
}

const localMinute = (seconds) => new Date(seconds * 1000 - new Date(seconds * 1000).getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
const toSeconds = (text) => (text ? Math.floor(new Date(text).getTime() / 1000) : null);

/** plain_text_input and its kin. Enter sends where the block dispatches; the counter shows near the limit. */
function textInput(type) {
  return (element, block, ctx) => {
    const before = ctx.form.remembered(block, element);
    const input = el(element.multiline ? "textarea" : "input", {
      class: "field", type: element.multiline ? null : type, rows: element.multiline ? 4 : null, maxlength: element.max_length ?? 3000,
      placeholder: element.placeholder?.text, value: (before ? before.value : element.initial_value) ?? "", autocomplete: "off",
      ...ctx.names(block, element, element.placeholder?.text ?? t("text")), "data-action": element.action_id,
    });
    const left = el("span", { class: "left", "aria-live": "polite" });
    const read = () => ({ value: input.value === "" ? null : input.value });
    ctx.form.register(block, element, read);
    const when = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
    // What was typed while an answer was awaited is told afterwards, once: the last of it, as Slack does.
    const told = async () => {
      const sent = input.value;
      await dispatch(ctx, block, element, input, read());
      if (input.isConnected && input.value !== sent && input.getAttribute("aria-busy") !== "true") await told();
    };
    input.addEventListener("input", () => {
      ctx.changed?.(block);
      const rest = element.max_length ? element.max_length - input.value.length : Infinity;
      left.textContent = rest <= 50 ? t("characters-left", { n: rest }) : "";
      if (ctx.dispatches(block) && when.includes("on_character_entered")) told();
    });
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || element.multiline || event.isComposing) return;
      event.preventDefault();
      if (ctx.dispatches(block) && when.includes("on_enter_pressed")) dispatch(ctx, block, element, input, read());
      else ctx.submit?.();
    });
    return el("span", { class: "text-field" }, input, left);
  };
}

const ELEMENTS = {
  button,
  overflow,
  radio_buttons: choices("radio"),
  checkboxes: choices("checkbox"),
  datepicker: picker("date", "selected_date", "initial_date"),
  timepicker: picker("time", "selected_time", "initial_time"),
  datetimepicker: picker("datetime-local", "selected_date_time", "initial_date_time", localMinute, toSeconds),
  plain_text_input: textInput("text"),
  email_text_input: textInput("email"),
  url_text_input: textInput("url"),
  number_input: textInput("text"),
};
for (const kind of ["static", "external", "users", "channels", "conversations"])
  ELEMENTS[`${kind}_select`] = ELEMENTS[`multi_${kind}_select`] = select;

/** Any element by its type; one that this page does not know says so. */
export function renderElement(element, block, ctx) {
  const render = Object.hasOwn(ELEMENTS, element.type) ? ELEMENTS[element.type] : null;
  return render ? render(element, block, ctx) : el("span", { class: "unknown" }, t("unknown-block", { type: element.type }));
}
