package freshet.replicator.alert;

import freshet.replicator.incident.Incident;
import freshet.replicator.sink.Message;
import freshet.replicator.sink.Sink;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** A sink that takes a message whenever it is allowed to, and stands still otherwise. */
final class HeldSink implements Sink {
  private final String name;
  private final Semaphore allowed;
  private final BlockingQueue<Message> taken = new LinkedBlockingQueue<>();

  HeldSink(String name, int allowed) {
    this.name = name;
    this.allowed = new Semaphore(allowed);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String target() {
    return "a test";
  }

  @Override
  public void send(Message message) throws InterruptedException {
    allowed.acquire();
    taken.add(message);
  }

  @Override
  public void refresh(List<Incident> open) {}

  /** Waits until somebody wants to send. */
  void awaitAttempt() {
    while (!allowed.hasQueuedThreads()) {
      Thread.onSpinWait();
    }
  }

  void allow(int more) {
    allowed.release(more);
  }

  Message take() throws InterruptedException {
    Message next = taken.poll(60, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("nothing came within a minute");
    }
    return next;
  }

  boolean isEmpty() {
    return taken.isEmpty();
  }
}
