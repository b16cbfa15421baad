// Where we are, in the address: #m=member&c=channel&t=thread&ts=message&tab=home. Permalinks come as /?channel=…&ts=…&thread_ts=….
import { state } from "./state.js";

const MEMBER_KEY = "upgrade-desk.member";

/** The place that an address names; parts that it does not name are null. */
export function placeOf(address = location) {
  const hash = new URLSearchParams(address.hash.slice(1));
  const query = new URLSearchParams(address.search);
  const archive = /^\/archives\/([A-Z0-9]+)\/p(\d{10})(\d{6})$/.exec(address.pathname);
  return {
    member: hash.get("m"),
    channel: hash.get("c") ?? query.get("channel") ?? archive?.[1] ?? null,
    ts: hash.get("ts") ?? query.get("ts") ?? (archive ? `${archive[2]}.${archive[3]}` : null),
    thread: hash.get("t") ?? query.get("thread_ts"),
    tab: hash.get("tab"),
  };
}

/** Write down where we are. Moving to another place makes an entry in the history; the rest does not. */
export function remember({ moved = false } = {}) {
  const parts = { m: state.me.id, c: state.channel, t: state.thread, tab: state.tab === "home" ? "home" : null };
  const hash = new URLSearchParams(Object.entries(parts).filter(([, value]) => value));
  const address = `/#${hash}`;
  if (`${location.pathname}${location.search}${location.hash}` !== address) history[moved ? "pushState" : "replaceState"](null, "", address);
  sessionStorage.setItem(MEMBER_KEY, state.me.id);
}

export const lastMember = () => sessionStorage.getItem(MEMBER_KEY);
