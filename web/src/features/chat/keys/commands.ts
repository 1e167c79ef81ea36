/** What a key can do here. */
export type CommandName =
  | 'newChat'
  | 'filter'
  | 'focusComposer'
  | 'stop'
  | 'copyLast'
  | 'toggleSidebar'
  | 'showShortcuts';

/** What the parts of the page offer to do while they are shown, by name, for whoever asks by a key. */
export class Commands {
  readonly #handlers = new Map<CommandName, () => void>();

  /** The answer takes it back. */
  offer(name: CommandName, handler: () => void): () => void {
    this.#handlers.set(name, handler);
    return () => {
      if (this.#handlers.get(name) === handler) this.#handlers.delete(name);
    };
  }

  /** False where nothing offers it now. */
  run(name: CommandName): boolean {
    const handler = this.#handlers.get(name);
    handler?.();
    return handler !== undefined;
  }
}
