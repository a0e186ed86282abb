package freshet.replicator.http;

/** Under whose bounds an answer's body is sent. Used by one thread, closed once it was sent. */
public interface Transfer extends AutoCloseable {
  /** What one write takes at most. */
  int MAX_CHUNK_BYTES = 64 << 10;

  /** No bounds. */
  Transfer FREE =
      new Transfer() {
        @Override
        public int next(long left) {
          return (int) Math.min(left, MAX_CHUNK_BYTES);
        }

        @Override
        public void close() {}
      };

  /**
   * Waits until some bytes may be sent.
   *
   * @param left how many there are, at least 1
   * @return how many may be sent, from 1 to {@link #MAX_CHUNK_BYTES}, at most {@code left}
   */
  int next(long left) throws InterruptedException;

  @Override
  void close();
}
