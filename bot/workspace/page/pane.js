// A conversation or a thread on the screen: a list that is read, then kept up to date, and a box to write in.
// While a read is under way, what the stream tells is remembered and told again after it: nothing is lost between the two.
import { el } from "./dom.js";
import { Composer } from "./composer.js";
import { t } from "./i18n.js";
import { MessageList } from "./messages.js";

export class Pane {
  /** `read` resolves to {channel, messages}; `belongs(message)` says whether a message is shown here. */
  constructor({ label, read, belongs, inThread = false, intro = null, channel, threadTs = null }) {
    Object.assign(this, { read, belongs, pending: null });
    this.list = new MessageList({ label, inThread, intro });
    this.composer = new Composer({ channel, threadTs, label: threadTs ? t("reply-label") : t("message-label", { name: label }), sent: () => this.list.toEnd() });
    this.error = el("div", { class: "banner", role: "alert", hidden: true });
    this.node = el("div", { class: "pane" }, this.error, el("div", { class: "log-frame" }, this.list.node, this.list.jump), this.composer.node);
  }

  /** Read (again) from the server. Resolves to whether that worked. */
  async load() {
    const log = [];
    this.pending = log;
    try {
      const answer = await this.read();
      if (this.pending !== log) return false;
      this.pending = null;
      this.list.set(answer.messages);
      log.forEach((replay) => replay());
      this.composer.writable(answer.channel?.writable !== false);
      this.error.hidden = true;
      return answer;
    } catch (error) {
      if (this.pending !== log) return false;
      this.pending = null;
      log.forEach((replay) => replay());
      this.error.textContent = error.message;
      this.error.hidden = false;
      return false;
    }
  }

  hear(message) {
    if (this.belongs(message)) this.now(() => this.list.upsert(message));
  }

  forget(ts) {
    this.now(() => this.list.remove(ts));
  }

  now(change) {
    this.pending?.push(change);
    change();
  }
}
