package freshet.replicator.freshness;

import freshet.replicator.snapshot.Advertisement;
import freshet.replicator.snapshot.CycleTimes;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Divides an age into stages. Measured ones first; what none of them explains is waiting. */
final class Stages {
  private Duration left;

  private Stages(Duration age) {
    this.left = age;
  }

  static StageAges of(
      Duration age,
      Instant readThrough,
      ServedState served,
      @Nullable NextState next,
      @Nullable ClockEstimate master,
      ClockReading now) {
    Stages stages = new Stages(age);
    Advertisement advertisement = served.advertisement();
    CycleTimes times = advertisement.times();
    Duration lag = Duration.ZERO;
    Duration poll = Duration.ZERO;
    Duration build = Duration.ZERO;
    Duration publish = Duration.ZERO;
    Duration delivery = Duration.ZERO;
    PullTimes pulled = served.pulled();
    // A quiet master's later cycles raise readThrough without a pull: theirs is no part of the age.
    boolean hasPulled = pulled != null && Objects.equals(pulled.advertisement().times(), times);
    if (times != null) {
      lag = stages.take(times.replicaLag());
      poll = stages.take(times.poll());
      build = stages.take(times.build());
      publish = stages.take(times.publish());
      Instant published =
          times.pollStarted().plus(times.poll()).plus(times.build()).plus(times.publish());
      Instant delivered =
          (hasPulled && pulled != null ? pulled.started() : served.heardAt()).wall();
      Duration offset = master == null ? Duration.ZERO : master.offset();
      delivery = Duration.between(published, delivered.plus(offset));
    }
    Instant all = advertisement.readThrough();
    Duration behind = stages.take(all == null ? null : Duration.between(readThrough, all));
    Duration waitingForPull = stages.take(delivery);
    Duration pull = Duration.ZERO;
    Duration switching = Duration.ZERO;
    if (hasPulled && pulled != null) {
      pull = stages.take(pulled.ended().since(pulled.started()));
      switching = stages.take(pulled.switched().since(pulled.ended()));
    }
    if (next != null) {
      ClockReading started = next.pullStarted();
      pull = pull.plus(stages.take(started == null ? null : now.since(started)));
      waitingForPull =
          waitingForPull.plus(stages.take((started == null ? now : started).since(next.heardAt())));
    }
    return new StageAges(
        lag,
        stages.take(stages.left),
        poll,
        build,
        publish,
        behind,
        waitingForPull,
        pull,
        switching);
  }

  /** At most what is left of the age, so that the stages never add up to more than it. */
  private Duration take(@Nullable Duration measured) {
    if (measured == null || measured.isNegative()) {
      return Duration.ZERO;
    }
    Duration taken = measured.compareTo(left) < 0 ? measured : left;
    left = left.minus(taken);
    return taken;
  }
}
