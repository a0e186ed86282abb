package freshet.replicator.flight;

/**
 * What is sent to slaves.
 *
 * @param transfers files that are being sent at the moment
 * @param sentBytes so far, since the process was started
 */
public record Traffic(int transfers, long sentBytes) {
  /** Of a process that serves nothing. */
  public static final Traffic NONE = new Traffic(0, 0);
}
