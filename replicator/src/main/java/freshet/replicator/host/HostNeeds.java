package freshet.replicator.host;

/**
 * How much a process is going to use.
 *
 * @param cities that it holds
 * @param openSnapshots of all cities that are open at one time
 * @param openWriters indexes that are written at one time
 * @param connections that its server accepts at one time
 * @param heapBytes the largest heap
 */
public record HostNeeds(
    int cities, int openSnapshots, int openWriters, int connections, long heapBytes) {
  /** Segments that a city has at the most while its merges keep up. */
  private static final int SEGMENTS = 20;

  /** Files of a segment: data, entries, its description, live documents. */
  private static final int FILES = 4;

  /** Classes, threads, the heap: what a process has mapped that serves nothing. */
  private static final long OWN_MAPS = 2_000;

  private static final long OWN_FILES = 512;
  private static final long OWN_INODES = 1_000;
  private static final long LEAST_OFF_HEAP = 256L << 20;
  private static final int HEAP_PER_OFF_HEAP = 4;

  /** A mapping for each open segment: small ones are compound files. */
  long maps() {
    return OWN_MAPS + (long) cities * SEGMENTS * openSnapshots;
  }

  /** Mapped files are closed at once, so that locks and sockets are what counts. */
  long openFiles() {
    return OWN_FILES + openWriters + connections;
  }

  /** Links need none, so that generations don't count. */
  long inodes() {
    return OWN_INODES + (long) cities * SEGMENTS * FILES;
  }

  /** The heap, and what threads, code and buffers take beside it. */
  long memoryBytes() {
    return heapBytes + Math.max(LEAST_OFF_HEAP, heapBytes / HEAP_PER_OFF_HEAP);
  }
}
