// What the page knows, in one place, and who wants to hear of changes. Messages themselves live in conversation.js.

export const state = {
  boot: null,
  members: new Map(),
  me: null,
  locale: "en-US",
  clockAhead: 0,
  conversations: [],
  channel: null,
  tab: "messages",
  thread: null,
  unread: new Map(),
  connected: null,
};

let working = 0;
/** While something is read, the page says of itself that it is not ready (for tests and for whoever styles it). */
export async function settling(work) {
  working++;
  ready();
  try {
    return await work();
  } finally {
    working--;
    ready();
  }
}

export function ready() {
  document.documentElement.dataset.ready = String(!working && state.connected === true);
}

const listeners = new Map();

/** Call `listener` whenever `event` is told. */
export function on(event, listener) {
  if (!listeners.has(event)) listeners.set(event, new Set());
  listeners.get(event).add(listener);
}

export function tell(event, detail) {
  for (const listener of listeners.get(event) ?? []) listener(detail);
}

export const conversation = (id) => state.conversations.find((one) => one.id === id);
export const app = () => state.boot.app;
