// The workspace's JSON interface (docs/workspace.md). Every call ends: with an answer, or with an ApiError that has a sentence.
import { t } from "./i18n.js";
import { state } from "./state.js";

const PATIENCE_MS = 20_000; // Slack's own limit is 3 s; the server answers then at the latest.

export class ApiError extends Error {
  constructor(code, text, status = 0, answer = null) {
    super(text);
    this.code = code;
    this.status = status;
    this.answer = answer;
  }
}

async function call(path, options = {}) {
  let response;
  try {
    response = await fetch(path, { ...options, signal: AbortSignal.timeout(PATIENCE_MS), cache: "no-store" });
  } catch {
    throw new ApiError("unreachable", t("error.unreachable"));
  }
  const answer = await response.json().catch(() => null);
  if (answer === null) throw new ApiError("nonsense", t("error.nonsense"), response.status);
  if (!response.ok) throw new ApiError(answer.error, answer.message || t("error.code", { code: answer.error }), response.status, answer);
  return answer;
}

const get = (path, query = {}) => call(`/ui/${path}?${new URLSearchParams(query)}`);
const post = (path, body) =>
  call(`/ui/${path}`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
const mine = (rest) => ({ member: state.me.id, ...rest });

export const boot = () => get("boot");
export const conversations = () => get("conversations", mine());
export const readConversation = (channel) => get("conversation", mine({ channel, mark: 1 }));
export const readThread = (channel, ts) => get("thread", mine({ channel, ts }));
export const readView = () => get("view", mine());
export const readHome = () => get("home", mine());
export const send = (channel, text, threadTs) => post("send", mine({ channel, text, ...(threadTs ? { thread_ts: threadTs } : {}) }));
export const fileUrl = (id) => `/ui/file?${new URLSearchParams(mine({ id }))}`;
export const act = (body) => post("action", mine(body));
export const options = (body) => post("options", mine(body));
export const submitView = (viewId, values) => post("view/submit", mine({ view_id: viewId, state: values }));
export const closeView = (viewId, clear) => post("view/close", mine({ view_id: viewId, ...(clear ? { clear: true } : {}) }));
export const openHome = (tab) => post("home", mine({ tab }));
export const shortcut = (body) => post("shortcut", mine(body));
export const setLocale = (locale, member = state.me.id) => post("locale", { member, locale });
export const advanceClock = (seconds) => post("clock", { advance_seconds: seconds });
export const troubleSlack = (kind) => post("slack", { kind });
export const failNextOrder = (kind) => post("orders", { kind });
