import { createFolder, type FolderOptions } from './create-folder.ts';

export type ViewsOptions = FolderOptions;

/** Users, installations and messages, as the log has them. */
export interface Views {
  /** Told that the log has grown. */
  onEvent(): void;
  /**
   * Resolves when lists hold all that was stored when it was asked.
   * @throws EventlineError SERVICE_UNAVAILABLE when that takes too long, with how far they are
   */
  caughtUp(): Promise<void>;
  close(): Promise<void>;
}

/** Makes the views of a log, and keeps their documents behind it. */
export function createViews(options: ViewsOptions): Views {
  const folder = createFolder(options);
  return { onEvent: folder.onEvent, caughtUp: folder.caughtUp, close: folder.close };
}
