/** Another running eventline uses the data directory. The message names it and says what to do. */
export class DirectoryInUseError extends Error {
  override readonly name = 'DirectoryInUseError';
  readonly directory: string;
  readonly pid: number;
  readonly url: string | undefined;

  constructor(directory: string, holder: { pid: number; url?: string | undefined }) {
    const where = holder.url === undefined ? '' : `, ${holder.url}`;
    super(
      `${directory} is in use by another eventline (pid ${holder.pid}${where}). ` +
        'Stop that one, or set DATA_DIR to another directory.',
    );
    this.directory = directory;
    this.pid = holder.pid;
    this.url = holder.url;
  }
}

/** The data directory belongs to another user of the machine. */
export class DirectoryOwnerError extends Error {
  override readonly name = 'DirectoryOwnerError';

  constructor(directory: string) {
    super(
      `${directory} belongs to another user of this machine, who could replace the secrets in it. ` +
        'Set DATA_DIR to a directory of your own.',
    );
  }
}

/**
 * No embedded database is available on this machine. The message is complete: print it and stop.
 */
export class EmbeddedUnavailableError extends Error {
  override readonly name = 'EmbeddedUnavailableError';
}

/** The database program was started and did not become ready; the message ends with its output. */
export class DatabaseStartError extends Error {
  override readonly name = 'DatabaseStartError';
  /** True if the program exited, as it does when its port is in use. */
  readonly exited: boolean;

  constructor(message: string, exited: boolean) {
    super(message);
    this.exited = exited;
  }
}
