/**
 * TLS from PEM files, for servers and clients.
 *
 * <p>In: paths of certificates, keys and authorities. Out: {@link
 * freshet.replicator.tls.TlsContexts}, which makes the JDK's SSL contexts of them.
 *
 * <p>May import: {@code runtime}. Invariant: a server never begins to show a certificate that is
 * not valid now or does not belong to its key.
 */
@NullMarked
package freshet.replicator.tls;

import org.jspecify.annotations.NullMarked;
