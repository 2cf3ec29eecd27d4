import { join } from 'node:path';

/** Directory of the built live page. */
export const LIVE_PAGE = join(import.meta.dirname, '../web');
