package freshet.indexer.scan;

import freshet.indexer.session.Lag;

/**
 * How a server is.
 *
 * @param lag behind its source
 * @param threadsRunning at work, the one that counts them included
 */
record ServerLoad(Lag lag, int threadsRunning) {}
