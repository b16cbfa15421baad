// App Home: the view that the app published for this member.
import * as api from "./api.js";
import { marks } from "./actions.js";
import { context, renderBlocks } from "./blocks.js";
import { el, replace } from "./dom.js";
import { merged } from "./form.js";
import { t } from "./i18n.js";
import { app, on, state } from "./state.js";

let current = null;
let heard = 0; // what the stream says is newer than an answer that was asked for earlier

export function homeView() {
  const container = { type: "home" };
  const body = el("div", { class: "home-body", ...marks(container) });
  const node = el("div", { class: "home", tabindex: 0, role: "region", "aria-label": t("home-of", { name: app().name }) }, body);
  let ctx = null;
  let hash = null;
  let opened = false;
  const show = (view) => {
    if (view && view.hash === hash) return;
    hash = view?.hash;
    const values = merged(view?.state?.values, ctx?.form.values());
    ctx = context({ container, values });
    replace(body, view?.blocks?.length ? renderBlocks(view.blocks, ctx) : el("p", { class: "empty" }, t("home-empty")));
  };
  current = { node, show };
  return {
    node,
    async load() {
      try {
        // Opening tells the app; reading again after a reconnection does not.
        const at = heard;
        const answer = await (opened ? api.readHome() : api.openHome("home"));
        opened = true;
        if (at === heard) show(answer.view);
      } catch (error) {
        replace(body, el("p", { class: "trouble", role: "alert" }, error.message));
      }
    },
  };
}

on("home", ({ view }) => {
  heard++;
  if (state.tab === "home" && current?.node.isConnected) current.show(view);
});
