import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { CommandError } from '../../command-error.ts';
import type { Terminal } from '../../terminal.ts';
import type { Format } from './formats.ts';

const LINE_FEED = 0x0a;

export interface Output {
  /** The cursor of the last event in the file. */
  after: string | undefined;
  /** Resolves when the lines are written to the operating system. */
  write(lines: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/** The complete part of a file: its length in bytes, and the cursor of its last event. */
interface CompletePart {
  end: number;
  after?: string | undefined;
}

/**
 * Opens the destination: standard output, a new file, or the file of an interrupted export, whose
 * incomplete last line is removed.
 *
 * @throws CommandError when the file exists or has another format; `write` throws it on a full disk
 */
export async function openOutput(
  terminal: Pick<Terminal, 'out'>,
  file: string | undefined,
  format: Format,
  resume: boolean,
): Promise<Output> {
  const { heading } = format;
  if (file === undefined) {
    if (resume) throw new CommandError('--resume continues a file: give --output.');
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
    throw new CommandError(`--output: ${file} is not a file; omit --output to write to a pipe.`);
  }
  let end = 0;
  async function append(text: string): Promise<void> {
    // With an explicit position: the handle was read from and does not stand at the end.
    const bytes = Buffer.from(text);
    for (let done = 0; done < bytes.length; ) {
      const { bytesWritten } = await handle
        .write(bytes, done, bytes.length - done, end)
        .catch(({ message }) => {
          throw new CommandError(
            `--output: ${message}. Complete events are in ${file}: free space, then continue with --resume.`,
          );
        });
      done += bytesWritten;
      end += bytesWritten;
    }
  }
  try {
    const complete: CompletePart = resume
      ? await truncatePartial(handle, file, format)
      : { end: 0 };
    end = complete.end;
    if (complete.after === undefined && heading !== undefined) await append(`${heading}\n`);
    return {
      after: complete.after,
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
    // Opened for reading too, to find the last complete line. Not with `a`, which would create the
    // file of a mistyped name. The mode keeps personal data from other users of the machine.
    return await open(file, resume ? 'r+' : 'wx', 0o600);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') {
      throw new CommandError(
        `--output: ${file} already exists. --resume continues after its last event.`,
      );
    }
    if (code === 'ENOENT' && resume) {
      throw new CommandError(`--resume: ${file} does not exist. Omit --resume to create it.`);
    }
    throw new CommandError(`--output: ${message}`);
  }
}

/** Returns the length of the file without an incomplete last line, and its last cursor. */
async function truncatePartial(
  handle: FileHandle,
  file: string,
  format: Format,
): Promise<CompletePart> {
  let end = 0;
  let last = '';
  // Chunks since the last line break, joined at most once per line.
  let parts: Buffer[] = [];
  // The handle stays open for writing.
  for await (const chunk of createReadStream(file, { fd: handle.fd, start: 0, autoClose: false })) {
    const lineEnd = (chunk as Buffer).lastIndexOf(LINE_FEED);
    if (lineEnd < 0) {
      parts.push(chunk as Buffer);
      continue;
    }
    const complete = Buffer.concat([...parts, (chunk as Buffer).subarray(0, lineEnd)]);
    last = complete.subarray(complete.lastIndexOf(LINE_FEED) + 1).toString();
    end += complete.length + 1;
    parts = [(chunk as Buffer).subarray(lineEnd + 1)];
  }
  const after = format.cursorOf(last);
  if (after === undefined && end > 0 && last !== format.heading) {
    throw new CommandError(`--resume: the last line of ${file} is not an event in this format.`);
  }
  // Without a complete event the file is rewritten from the start.
  const kept = after === undefined ? 0 : end;
  await handle.truncate(kept);
  return { end: kept, ...(after !== undefined && { after }) };
}

async function writeAll(stream: NodeJS.WritableStream, lines: readonly string[]): Promise<void> {
  if (lines.length === 0) return;
  const isFlushed = stream.write(`${lines.join('\n')}\n`);
  if (!isFlushed) await new Promise<void>((resolve) => stream.once('drain', resolve));
}
