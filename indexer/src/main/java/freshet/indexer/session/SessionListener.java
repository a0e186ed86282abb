package freshet.indexer.session;

import freshet.indexer.connect.ConnectTimings;
import freshet.indexer.connect.Endpoint;
import java.security.cert.X509Certificate;
import java.util.List;

/** Hears of connections as they come and fail, for metrics. Calls are short and never throw. */
public interface SessionListener {
  /** Hears nothing. */
  SessionListener NONE =
      new SessionListener() {
        @Override
        public void connected(Endpoint endpoint, ConnectTimings timings) {}

        @Override
        public void failed(Endpoint endpoint, SourceException failure) {}
      };

  /** A connection was made, and how long each phase took. */
  void connected(Endpoint endpoint, ConnectTimings timings);

  /**
   * What the server showed at a connect, and what was verified.
   *
   * @param certificates its own first; none where nobody verifies them
   */
  default void verified(Endpoint endpoint, List<X509Certificate> certificates) {}

  /** Whether each connect is to be followed by a question for {@link #counted}. */
  default boolean wantsCounts() {
    return false;
  }

  /**
   * What the server has counted of connects that broke, its Aborted_connects; after each {@link
   * #connected}, where it tells.
   */
  default void counted(Endpoint endpoint, long abortedConnects) {}

  /** A connect or a query failed; it may be repeated. */
  void failed(Endpoint endpoint, SourceException failure);

  /**
   * A poll asks a server, or connects first.
   *
   * @param what it does, for messages
   */
  default void asks(String what) {}

  /** What was asked last has ended, well or not. */
  default void answered() {}
}
