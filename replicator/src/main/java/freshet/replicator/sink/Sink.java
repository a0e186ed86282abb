package freshet.replicator.sink;

import freshet.replicator.incident.Incident;
import java.time.Duration;
import java.util.List;

/** A way to tell somebody. Used by one thread at a time. */
public interface Sink {

  /** Its name, which is also that of its folder: lower-case letters. */
  String name();

  /** Where it goes, for people, without secrets. */
  String target();

  /**
   * Sends one message, or says why it did not; returns within the deadline of the sink.
   *
   * @throws SinkException if it did not arrive, as far as is known
   * @throws InterruptedException if the thread was interrupted
   */
  void send(Message message) throws SinkException, InterruptedException;

  /** How often the other side wants to be told of what is open; zero for never. */
  default Duration refreshEvery() {
    return Duration.ZERO;
  }

  /** Tells what is open. One that fails is not repeated: the next one says more. */
  default void refresh(List<Incident> open) throws SinkException, InterruptedException {}
}
