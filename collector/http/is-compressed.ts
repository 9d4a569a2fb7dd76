import type { IncomingHttpHeaders } from 'node:http';

/** Whether a body must be unpacked to be read: `identity` says that it is as it is. */
export const isCompressed = ({ 'content-encoding': encoding = '' }: IncomingHttpHeaders): boolean =>
  !/^(identity)?$/i.test(encoding);
