/**
 * Answers HTTP: the server that all roles share, whatever they serve.
 *
 * <p>In: {@link freshet.replicator.http.Route}s, each a method, a path and a handler that takes a
 * {@link freshet.replicator.http.HttpRequest} and returns an {@link
 * freshet.replicator.http.HttpAnswer}. Out: a running {@link freshet.replicator.http.HttpServer}.
 *
 * <p>May import: {@code runtime}. Invariant: threads, requests at work, waiting requests and
 * connections all have a bound, beyond which the answer is 503 with Retry-After, and a peer that is
 * too slow holds none of them; every error is JSON with what is wrong and how to put it right.
 */
@NullMarked
package freshet.replicator.http;

import org.jspecify.annotations.NullMarked;
