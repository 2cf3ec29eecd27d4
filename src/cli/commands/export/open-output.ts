import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { CommandError } from '../../command-error.ts';
import type { Terminal } from '../../terminal.ts';
import type { Format } from './formats.ts';

export interface Output {
  /** The cursor of the last event that is in the file already. */
  after: string | undefined;
  /** Resolves when the lines are with the system. */
  write(lines: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/** What of a file is whole: up to where, in bytes, and the cursor of its last event. */
interface Whole {
  end: number;
  after?: string | undefined;
}

/**
 * Opens where events are written to: the standard output, a new file, or one that an export was
 * broken off in, whose last line is dropped if it is not whole.
 *
 * @throws CommandError when the file is there already, or is none of this format; `write` when there
 *   is no room
 */
export async function openOutput(
  terminal: Pick<Terminal, 'out'>,
  file: string | undefined,
  format: Format,
  resume: boolean,
): Promise<Output> {
  const { heading } = format;
  if (file === undefined) {
    if (resume) throw new CommandError('--resume goes on in a file: give --output.');
    if (heading !== undefined) terminal.out.write(`${heading}\n`);
    return {
      after: undefined,
      write: (lines) => writeAll(terminal.out, lines),
      close: async () => undefined,
    };
  }
  const handle = await openFile(file, resume);
  if (!(await handle.stat()).isFile()) {
    await handle.close();
    throw new CommandError(`--output: ${file} is no file; without --output it goes to a pipe.`);
  }
  let end = 0;
  async function append(text: string): Promise<void> {
    // Where it goes is said: a handle that was read from does not stand at the end of its file.
    const bytes = Buffer.from(text);
    for (let done = 0; done < bytes.length; ) {
      const { bytesWritten } = await handle
        .write(bytes, done, bytes.length - done, end)
        .catch(({ message }) => {
          throw new CommandError(
            `--output: ${message}. What is whole is in ${file}: make room, and go on with --resume.`,
          );
        });
      done += bytesWritten;
      end += bytesWritten;
    }
  }
  try {
    const whole: Whole = resume ? await dropWhatIsCut(handle, file, format) : { end: 0 };
    end = whole.end;
    if (whole.after === undefined && heading !== undefined) await append(`${heading}\n`);
    return {
      after: whole.after,
      async write(lines) {
        if (lines.length > 0) await append(`${lines.join('\n')}\n`);
      },
      close: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function openFile(file: string, resume: boolean): Promise<FileHandle> {
  try {
    // Read as well, to find where it ends; `a` would make it, and so hide a slip of the pen.
    // Personal data: for nobody else on this machine.
    return await open(file, resume ? 'r+' : 'wx', 0o600);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') {
      throw new CommandError(
        `--output: ${file} is there already. --resume goes on behind its last event.`,
      );
    }
    if (code === 'ENOENT' && resume) {
      throw new CommandError(`--resume: ${file} is not there. Without --resume it is begun.`);
    }
    throw new CommandError(`--output: ${message}`);
  }
}

/** Where the file ends when what was not written whole is cut off, and its last cursor. */
async function dropWhatIsCut(handle: FileHandle, file: string, format: Format): Promise<Whole> {
  let end = 0;
  let last = '';
  let rest = Buffer.alloc(0);
  // Not closed with the stream: it is written to afterwards.
  for await (const chunk of createReadStream(file, { fd: handle.fd, start: 0, autoClose: false })) {
    rest = Buffer.concat([rest, chunk as Buffer]);
    const lineEnd = rest.lastIndexOf(0x0a);
    if (lineEnd < 0) continue;
    const whole = rest.subarray(0, lineEnd);
    last = whole.subarray(whole.lastIndexOf(0x0a) + 1).toString();
    end += lineEnd + 1;
    rest = rest.subarray(lineEnd + 1);
  }
  const after = format.cursorOf(last);
  if (after === undefined && end > 0 && last !== format.heading) {
    throw new CommandError(`--resume: the last line of ${file} is no event in this format.`);
  }
  // With no event in it, it is begun anew.
  const kept = after === undefined ? 0 : end;
  await handle.truncate(kept);
  return { end: kept, ...(after !== undefined && { after }) };
}

async function writeAll(stream: NodeJS.WritableStream, lines: readonly string[]): Promise<void> {
  if (lines.length === 0) return;
  const isThrough = stream.write(`${lines.join('\n')}\n`);
  if (!isThrough) await new Promise<void>((resolve) => stream.once('drain', resolve));
}
