package freshet.replicator.sink;

import freshet.replicator.incident.Notice;
import freshet.replicator.runtime.Count;

/**
 * A notice on its way to one sink.
 *
 * @param notice what is told
 * @param dropped how many messages before this one never arrived, since too many waited
 */
public record Message(Notice notice, long dropped) {

  /** Everything in one line. */
  public String text() {
    return dropped == 0
        ? notice.text()
        : "%s (%s dropped, since too many waited)"
            .formatted(
                notice.text(), Count.of(dropped, "earlier message was", "earlier messages were"));
  }
}
