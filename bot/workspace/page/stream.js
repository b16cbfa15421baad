// Server-Sent Events with our own reconnection. There is no replay: after each `ready` the page reads again what it shows.
import { state, tell } from "./state.js";

const EVENTS = ["message", "message_changed", "message_deleted", "view", "home", "notice", "member_changed", "app", "clock"];
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 10_000;
const DEAF_AFTER_MS = 8_000; // no `ready` within this time: the connection is not one

let source = null;
let timer = null;
let failures = 0;

/** Listen as the current member; an earlier connection ends. */
export function listen() {
  stop();
  source = new EventSource(`/ui/stream?${new URLSearchParams({ member: state.me.id })}`);
  const mine = source;
  timer = setTimeout(() => again(mine), DEAF_AFTER_MS);
  source.addEventListener("ready", (event) => {
    clearTimeout(timer);
    failures = 0;
    tell("ready", JSON.parse(event.data));
    tell("connection", true);
  });
  for (const name of EVENTS) source.addEventListener(name, (event) => mine === source && tell(name, JSON.parse(event.data)));
  source.addEventListener("error", () => again(mine));
}

function again(which) {
  if (which !== source) return;
  stop();
  tell("connection", false);
  const wait = Math.min(FIRST_WAIT_MS * 2 ** failures++, LONGEST_WAIT_MS);
  timer = setTimeout(listen, wait + Math.random() * 250);
}

export function stop() {
  clearTimeout(timer);
  source?.close();
  source = null;
}

/** Whoever waits for the next try (the machine woke up, the network is back) need not wait. */
export function hurry() {
  if (!source && state.me) listen();
}
