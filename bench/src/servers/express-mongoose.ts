import { createServer, type IncomingMessage } from 'node:http';
import express from 'express';
import mongoose from 'mongoose';
import { WEBHOOK_PATH } from '../contract.ts';
import { listen } from './listen.ts';
import { isSigned } from './verify.ts';

// The common way: a body parser that keeps the raw bytes, a mongoose model, one `create` per webhook.
// Three indexes, as the queries of such an application need them.

const Event = mongoose.model(
  'Event',
  new mongoose.Schema(
    {
      type: { type: String, required: true },
      occurredOn: { type: Date, required: true },
      receivedAt: { type: Date, required: true },
      userId: String,
      payload: { type: mongoose.Schema.Types.Mixed, required: true },
    },
    { writeConcern: { w: 'majority', j: true } },
  )
    .index({ userId: 1, receivedAt: 1 })
    .index({ type: 1, receivedAt: 1 })
    .index({ receivedAt: 1 }),
);
await mongoose.connect(process.env.MONGODB_URI ?? '');
await Event.init();

const raw = new WeakMap<IncomingMessage, Buffer>();
const app = express();
app.use(express.json({ verify: (request, _response, body) => raw.set(request, body) }));
app.post(WEBHOOK_PATH, async (request, response) => {
  const body = raw.get(request);
  if (body === undefined || !isSigned(body, request.headers['x-signature'])) {
    response.status(401).json({ error: 'signature' });
    return;
  }
  const { type, occurred_on, payload } = request.body;
  const { id } = await Event.create({
    type,
    occurredOn: occurred_on,
    receivedAt: new Date(),
    userId: payload.user_id,
    payload,
  });
  response.json({ status: 'stored', id });
});
listen(createServer(app));
