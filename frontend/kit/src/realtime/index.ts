/** Realtime: the connection, and what frames do to loaded data. No screen and no cache library is known here. */

export { backoff } from './backoff';
export { browserOutside, watchBrowser } from './browser';
export { Connection, type ConnectionState } from './connection';
export { FrameLog, idFor } from './frameLog';
export { compareRows, matches, type ListFilter, type ListSort } from './match';
export { flatten, placeConversation, removeConversation, type Pages } from './reduceList';
export { compareItems, placeItem, removeItem, timeOf } from './reduceTimeline';
