// Menus of Block Kit on our combobox: static, external, users, channels, conversations; one or several.
import * as api from "./api.js";
import { dispatch } from "./actions.js";
import { Combobox } from "./combobox.js";
import { el } from "./dom.js";
import { t } from "./i18n.js";
import { menuButton } from "./menu.js";
import { icon } from "./dom.js";
import { plainText } from "./mrkdwn_dom.js";
import { state } from "./state.js";

const asOption = (value, text) => ({ value, text: { type: "plain_text", text } });
const memberOptions = () => [...state.members.values()].map((one) => asOption(one.id, one.real_name || one.name));
const conversationOptions = (kinds) =>
  state.conversations.filter((one) => kinds.includes(one.kind)).map((one) => asOption(one.id, one.kind === "im" ? one.name : `#${one.name}`));

/** Per kind of menu: where its options are from, and the keys of its value (one, several). */
const SOURCES = {
  static: { options: (element) => ({ options: element.options, option_groups: element.option_groups }), one: "selected_option", many: "selected_options", whole: true },
  external: { one: "selected_option", many: "selected_options", whole: true },
  users: { options: () => ({ options: memberOptions() }), one: "selected_user", many: "selected_users", first: "initial_user" },
  channels: { options: () => ({ options: conversationOptions(["channel"]) }), one: "selected_channel", many: "selected_channels", first: "initial_channel" },
  conversations: { options: () => ({ options: conversationOptions(["channel", "im"]) }), one: "selected_conversation", many: "selected_conversations", first: "initial_conversation" },
};

/** static_select, multi_external_select and the rest of that family. */
export function select(element, block, ctx) {
  const [, multi, kind] = /^(multi_)?(\w+)_select$/.exec(element.type);
  const source = SOURCES[kind];
  const multiple = Boolean(multi);
  const key = multiple ? source.many : source.one;
  const part = (chosen) => {
    const values = chosen.map((option) => (source.whole ? option : option.value));
    return { [key]: multiple ? values : (values[0] ?? null) };
  };
  const box = new Combobox({
    names: ctx.names(block, element, plainText(element.placeholder)),
    placeholder: plainText(element.placeholder) || t("choose"),
    multiple,
    chosen: initial(element, block, ctx, source, key),
    load: (query) => (kind === "external" ? fromApp(element, block, ctx, query) : Promise.resolve(source.options(element))),
    remote: kind === "external",
    minQuery: kind === "external" ? (element.min_query_length ?? 3) : 0,
    most: element.max_selected_items ?? Infinity,
    focus: element.action_id,
    onChange: async (chosen) => {
      ctx.changed?.(block);
      if (ctx.dispatches(block)) await dispatch(ctx, block, element, box.node, part(chosen));
    },
  });
  ctx.form.register(block, element, () => part(box.chosen));
  return box.node;
}

function initial(element, block, ctx, source, key) {
  const before = ctx.form.remembered(block, element);
  const stem = source.first ?? "initial_option";
  const found = before ? before[key] : (element[stem] ?? element[`${stem}s`]);
  const list = [found ?? []].flat();
  if (source.whole) return list.filter((option) => option?.text);
  return source.options(element).options.filter((option) => list.includes(option.value));
}

function fromApp(element, block, ctx, query) {
  return api
    .options({ container: ctx.container, block_id: block.block_id, action_id: element.action_id, value: query, state: ctx.form.values() })
    .then((answer) => (answer.ok ? answer : { error: answer.error, text: answer.text }));
}

export function overflow(element, block, ctx) {
  const wrapper = menuButton({
    label: t("more-actions"),
    content: icon("more"),
    items: element.options.map((option) => ({
      label: plainText(option.text),
      description: option.description && plainText(option.description),
      href: option.url,
      run: (button) => dispatch(ctx, block, element, button, { selected_option: option }),
    })),
  });
  wrapper.querySelector("button").setAttribute("data-action", element.action_id);
  return wrapper;
}
