// What a member has typed and chosen in one container (a message, a modal, Home), in the shape of Slack's state.values.

export class Form {
  /** `values`: what was there before, by block_id and action_id; it wins over an element's initial value. */
  constructor(values = {}) {
    this.before = values;
    this.readers = new Map();
  }

  /** An element says how it is read. `read` gives its part of state.values, without the type. */
  register(block, element, read) {
    if (!this.readers.has(block.block_id)) this.readers.set(block.block_id, new Map());
    this.readers.get(block.block_id).set(element.action_id, () => ({ type: element.type, ...read() }));
  }

  /** What this element held before, if it is the same one (block_id, action_id and type). */
  remembered(block, element) {
    const found = this.before?.[block.block_id]?.[element.action_id];
    return found && (!found.type || found.type === element.type) ? found : null;
  }

  values() {
    const all = {};
    for (const [blockId, elements] of this.readers) {
      all[blockId] = {};
      for (const [actionId, read] of elements) all[blockId][actionId] = read();
    }
    return all;
  }
}

/** Earlier values under later ones, per element. */
export function merged(earlier = {}, later = {}) {
  const all = structuredClone(earlier ?? {});
  for (const [block, elements] of Object.entries(later ?? {})) all[block] = { ...all[block], ...elements };
  return all;
}
