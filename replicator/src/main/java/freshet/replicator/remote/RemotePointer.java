package freshet.replicator.remote;

/** What a remote answers to the question for its pointer. */
public sealed interface RemotePointer {

  /** When and how the answer came. */
  Receipt receipt();

  /**
   * A pointer that the caller does not know yet.
   *
   * @param json its bytes as text, not interpreted
   * @param tag names this content when asking again
   * @param receipt when it came
   */
  record Offered(String json, String tag, Receipt receipt) implements RemotePointer {}

  /** Still the one that the caller knows. */
  record Unchanged(Receipt receipt) implements RemotePointer {}

  /** Nothing was published there yet. That is not the same as an empty snapshot. */
  record Absent(Receipt receipt) implements RemotePointer {}
}
