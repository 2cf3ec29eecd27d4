import { join } from 'node:path';

/** Where `npm run build` has put the live page. */
export const LIVE_PAGE = join(import.meta.dirname, '../web');
