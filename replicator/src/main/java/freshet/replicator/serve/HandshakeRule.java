package freshet.replicator.serve;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which handshakes with the database a clogged way made slow. Pure.
 *
 * <p>A queue on the way delays every part of a handshake, since something is sent and answered in
 * each; processors that are busy delay some, and not for long. Slow is therefore one of which every
 * part is, or that takes so long in all that processors seldom explain it.
 */
final class HandshakeRule {
  /** How late each part of a slow one is at least. */
  private static final Duration LEAST_DELAY = Duration.ofMillis(8);

  private static final double SLOW = 1.5;

  /** So late each part but one is taken to be because of processors. */
  private static final Duration BUSY = Duration.ofMillis(12);

  /** How many the idle one is averaged over, where it grows. */
  private static final int MEMORY = 8;

  private HandshakeRule() {}

  /**
   * What one takes on the idle way: they become slower gradually; a quicker part shows at once what
   * it needs.
   *
   * @param before null if this is the first
   */
  static Handshake learnt(@Nullable Handshake before, Handshake took) {
    if (before == null || isUnlike(before, took)) {
      return took;
    }
    List<Duration> parts = new ArrayList<>();
    for (int i = 0; i < took.parts().size(); i++) {
      Duration was = before.parts().get(i);
      Duration is = took.parts().get(i);
      parts.add(
          is.compareTo(was) > 0 ? was.multipliedBy(MEMORY - 1).plus(is).dividedBy(MEMORY) : is);
    }
    return new Handshake(parts);
  }

  /**
   * Whether one was slow.
   *
   * @param idle null if that is not known: then none is
   * @param took null if it failed: then it is
   */
  static boolean isSlow(@Nullable Handshake idle, @Nullable Handshake took) {
    if (took == null) {
      return true;
    }
    if (idle == null) {
      return false;
    }
    if (isUnlike(idle, took)) {
      return took.total().compareTo(slowFrom(idle.total())) > 0;
    }
    return isLate(idle, took.total()) || isEveryPartSlow(idle, took);
  }

  private static boolean isEveryPartSlow(Handshake idle, Handshake took) {
    for (int i = 0; i < took.parts().size(); i++) {
      if (took.parts().get(i).compareTo(slowFrom(idle.parts().get(i))) <= 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether one that has taken so long in all is slow, whatever its parts: it seldom is by busy
   * processors.
   */
  static boolean isLate(@Nullable Handshake idle, Duration took) {
    if (idle == null) {
      return false;
    }
    Duration busy = BUSY.multipliedBy(idle.parts().size() - 1L);
    return took.compareTo(slowFrom(idle.total())) > 0
        && took.compareTo(idle.total().plus(LEAST_DELAY).plus(busy)) > 0;
  }

  /** Such as of another server, which uses TLS. */
  private static boolean isUnlike(Handshake one, Handshake other) {
    return one.parts().size() != other.parts().size();
  }

  private static Duration slowFrom(Duration idle) {
    Duration bound = Duration.ofNanos((long) (idle.toNanos() * SLOW));
    Duration least = idle.plus(LEAST_DELAY);
    return bound.compareTo(least) > 0 ? bound : least;
  }
}
