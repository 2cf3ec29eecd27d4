import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

interface Pipeline {
  waiting: number;
  /** A request was refused: later ones get no answer, and the connection is closed. */
  isRefused: boolean;
}

/**
 * Returns a listener that handles the pipelined requests of a connection one at a time, in the order
 * of their answers (RFC 9112, 9.3.2), and yields to other connections after each. Node emits all
 * requests of one read at once; up to 2,400 of them would block the event loop.
 *
 * A connection with waiting requests is not read, so they come from one read (64 KiB) at most.
 *
 * @param refuse answers a request over the limit and closes its connection
 * @param maxWaiting maximum requests that wait, on all connections together
 */
export function serializeRequests(
  handle: RequestListener,
  refuse: RequestListener,
  maxWaiting: number,
): RequestListener {
  const pipelines = new WeakMap<Socket, Pipeline>();
  let waitingInAll = 0;

  function pipelineOf(socket: Socket): Pipeline {
    const known = pipelines.get(socket);
    if (known) return known;
    const pipeline: Pipeline = { waiting: 0, isRefused: false };
    pipelines.set(socket, pipeline);
    // Node resumes a connection after each answer.
    socket.on('resume', () => {
      if (pipeline.waiting > 0 || pipeline.isRefused) socket.pause();
    });
    socket.once('close', () => {
      waitingInAll -= pipeline.waiting;
      pipeline.waiting = 0;
    });
    return pipeline;
  }

  function wait(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request;
    const pipeline = pipelineOf(socket);
    if (pipeline.isRefused) return;
    socket.pause();
    if (waitingInAll >= maxWaiting) {
      pipeline.isRefused = true;
      return void refuse(request, response);
    }
    pipeline.waiting += 1;
    waitingInAll += 1;
    const begin = () => {
      if (socket.destroyed) return;
      pipeline.waiting -= 1;
      waitingInAll -= 1;
      if (pipeline.waiting === 0 && !pipeline.isRefused) socket.resume();
      handle(request, response);
    };
    // Emitted after the previous answer.
    response.once('socket', () => setImmediate(begin));
  }

  return (request, response) => {
    // Only the response that is next on its connection has a socket.
    if (response.socket) handle(request, response);
    else wait(request, response);
  };
}
