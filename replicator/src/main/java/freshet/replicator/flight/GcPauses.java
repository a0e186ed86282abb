package freshet.replicator.flight;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.management.ListenerNotFoundException;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;
import javax.management.openmbean.CompositeData;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How often and for how long the garbage collector stopped this process, by the JVM's own
 * notifications: they cost nothing between collections, where JFR would stream all the time.
 * Thread-safe.
 */
final class GcPauses implements NotificationListener, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(GcPauses.class);

  /** GarbageCollectionNotificationInfo, which is not part of the standard library, defines it. */
  private static final String TYPE = "com.sun.management.gc.notification";

  /** Of ZGC and Shenandoah: what runs beside the process. Their pauses have a name of their own. */
  private static final String CONCURRENT = "Cycles";

  private final List<NotificationEmitter> emitters = new ArrayList<>();
  private int count;
  private long millis;
  private long longest;

  /**
   * What happened between two looks.
   *
   * @param count of pauses
   * @param total of all together
   * @param longest of them
   */
  record Paused(int count, Duration total, Duration longest) {}

  /** Begins to listen. */
  GcPauses() {
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      if (collector instanceof NotificationEmitter emitter
          && !collector.getName().endsWith(CONCURRENT)) {
        emitter.addNotificationListener(this, null, null);
        emitters.add(emitter);
      }
    }
  }

  @Override
  public void handleNotification(Notification notification, Object unused) {
    if (notification.getType().equals(TYPE)
        && notification.getUserData() instanceof CompositeData data
        && data.get("gcInfo") instanceof CompositeData info
        && info.get("duration") instanceof Long duration) {
      paused(duration);
    }
  }

  /** Notes a pause of so many milliseconds. */
  synchronized void paused(long duration) {
    count++;
    millis += duration;
    longest = Math.max(longest, duration);
  }

  /** What was noted since this was asked last. */
  synchronized Paused take() {
    Paused paused = new Paused(count, Duration.ofMillis(millis), Duration.ofMillis(longest));
    count = 0;
    millis = 0;
    longest = 0;
    return paused;
  }

  @Override
  public void close() {
    for (NotificationEmitter emitter : emitters) {
      try {
        emitter.removeNotificationListener(this);
      } catch (ListenerNotFoundException e) {
        LOG.debug("{} had no such listener", emitter, e);
      }
    }
  }
}
