import type { ChildProcess } from 'node:child_process';

/** Handlers of the calls that a process accepts over its IPC channel, by name. */
// biome-ignore lint/suspicious/noExplicitAny: each call has its own arguments
export type CallHandlers = Record<string, (args: any) => unknown>;

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

const known: CallHandlers = {};
let unhandled: Call[] = [];

/**
 * Handles calls of the parent process; more handlers can be added later. A call without a handler is
 * kept until there is one: the channel is read from the first listener on, before all modules loaded.
 */
export function handleCalls(handlers: CallHandlers): void {
  if (Object.keys(known).length === 0) {
    process.on('message', handle);
    // The channel alone does not keep a process alive.
    process.channel?.unref();
  }
  Object.assign(known, handlers);
  const waiting = unhandled;
  unhandled = [];
  for (const call of waiting) void handle(call);
}

async function handle(call: Call): Promise<void> {
  const handler = known[call.name];
  if (handler === undefined) {
    unhandled.push(call);
    return;
  }
  const reply = call.call;
  try {
    process.send?.({ reply, value: await handler(call.args) });
  } catch (error) {
    process.send?.({ reply, error: (error as Error).stack ?? String(error) });
  }
}

/** Calls a child process; rejects when the handler fails or the process exits first. */
export type Caller = <T>(name: string, args?: unknown) => Promise<T>;

/** Creates the caller of a child process, which needs an IPC channel. */
export function createCaller(child: ChildProcess): Caller {
  const waiting = new Map<number, { resolve(value: never): void; reject(error: Error): void }>();
  let last = 0;
  child.on('message', ({ reply, value, error }: Reply) => {
    const caller = waiting.get(reply);
    waiting.delete(reply);
    if (error === undefined) caller?.resolve(value as never);
    else caller?.reject(new Error(error));
  });
  child.once('exit', (code, signal) => {
    const error = new Error(`the process exited: ${signal ?? `exit code ${code}`}`);
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
