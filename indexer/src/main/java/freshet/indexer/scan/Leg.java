package freshet.indexer.scan;

import freshet.indexer.session.PollSession;
import freshet.indexer.table.StretchReader;

/**
 * A part of a scan that is, to the servers, what one poll is: it may connect twice, and sees one
 * server.
 *
 * @param reader of its session
 * @param sinceNanos when it began
 */
record Leg(PollSession session, StretchReader reader, long sinceNanos) {}
