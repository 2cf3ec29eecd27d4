import type { ChildProcess } from 'node:child_process';

/** What a process can be asked over its IPC channel. */
// biome-ignore lint/suspicious/noExplicitAny: each call has its own arguments
export type Answers = Record<string, (args: any) => unknown>;

interface Call {
  call: number;
  name: string;
  args: unknown;
}

interface Reply {
  reply: number;
  value?: unknown;
  error?: string;
}

const known: Answers = {};
let early: Call[] = [];

/**
 * Answers what the parent asks; may be called again with more. A call that came before its answer is
 * kept for it: the channel is read from the first listener on, and modules load after that.
 */
export function answerCalls(answers: Answers): void {
  if (Object.keys(known).length === 0) {
    process.on('message', take);
    // The channel alone does not keep a process alive.
    process.channel?.unref();
  }
  Object.assign(known, answers);
  const waiting = early;
  early = [];
  for (const call of waiting) void take(call);
}

async function take(call: Call): Promise<void> {
  const answer = known[call.name];
  if (answer === undefined) {
    early.push(call);
    return;
  }
  const reply = call.call;
  try {
    process.send?.({ reply, value: await answer(call.args) });
  } catch (error) {
    process.send?.({ reply, error: (error as Error).stack ?? String(error) });
  }
}

/** Asks a child process; rejected when it fails, or ends before it has answered. */
export type Ask = <T>(name: string, args?: unknown) => Promise<T>;

/** Makes what asks a child that has an IPC channel. */
export function createAsk(child: ChildProcess): Ask {
  const waiting = new Map<number, { resolve(value: never): void; reject(error: Error): void }>();
  let last = 0;
  child.on('message', ({ reply, value, error }: Reply) => {
    const caller = waiting.get(reply);
    waiting.delete(reply);
    if (error === undefined) caller?.resolve(value as never);
    else caller?.reject(new Error(error));
  });
  child.once('exit', (code, signal) => {
    const error = new Error(`the process ended by itself: ${signal ?? `exit code ${code}`}`);
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  });
  return (name, args) =>
    new Promise((resolve, reject) => {
      last += 1;
      waiting.set(last, { resolve, reject });
      child.send({ call: last, name, args } satisfies Call, (error) => error && reject(error));
    });
}
