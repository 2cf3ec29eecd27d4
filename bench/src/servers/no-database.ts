import { createServer } from 'node:http';
import { listen } from './listen.ts';
import { receiveDeliveries } from './receive-deliveries.ts';
import { isSigned } from './verify.ts';

// The limit of intake: the signature and one parse; nothing is stored.

let position = 0;
listen(
  createServer(
    receiveDeliveries((body, request) => {
      if (!isSigned(body, request.headers['x-signature'])) throw new Error('signature');
      const { type } = JSON.parse(body.toString());
      position += 1;
      return { status: 'accepted', type, position };
    }),
  ),
);
