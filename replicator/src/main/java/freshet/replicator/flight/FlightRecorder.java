package freshet.replicator.flight;

import freshet.replicator.incident.Incident;
import freshet.replicator.incident.Notice;
import freshet.replicator.runtime.Time;
import freshet.replicator.runtime.Workers;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Samples the host once a second, on a thread of its own, and writes the minute before each failure
 * to disk. Reporting a failure never blocks and never fails: beyond 256 that wait to be written,
 * more are dropped and counted. Thread-safe.
 */
public final class FlightRecorder implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FlightRecorder.class);
  private static final Duration EVERY = Duration.ofSeconds(1);
  private static final int MOST_WAITING = 256;
  private static final Duration CLOSE = Duration.ofSeconds(2);

  private final String node;
  private final Time time;
  private final LastMinute minute = new LastMinute();
  private final RecentFailures recent = new RecentFailures();
  private final BlockingQueue<Optional<Failure>> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
  private final AtomicLong dropped = new AtomicLong();
  private final AtomicLong samplingNanos = new AtomicLong();
  private final FlightFolder folder;
  private final Instant startedAt;
  private final Thread thread;
  private boolean remembersEarlier;
  private volatile Supplier<Traffic> traffic = () -> Traffic.NONE;
  private volatile boolean isClosed;

  private FlightRecorder(
      Path folder, String node, FlightOptions options, HostReader host, Time time) {
    this.node = node;
    this.time = time;
    this.folder = new FlightFolder(folder);
    this.startedAt = time.now();
    this.thread = Workers.thread("flight", () -> run(options, host));
  }

  /**
   * Starts one.
   *
   * @param folder of this node alone, created if it is missing
   * @param node its name
   */
  public static FlightRecorder start(Path folder, String node, FlightOptions options, Time time) {
    return start(folder, node, options, new HostReader(HostReader.PROC), time);
  }

  static FlightRecorder start(
      Path folder, String node, FlightOptions options, HostReader host, Time time) {
    FlightRecorder recorder = new FlightRecorder(folder, node, options, host, time);
    recorder.thread.start();
    return recorder;
  }

  /** From now on, asks this what is sent to slaves. */
  public void watch(Supplier<Traffic> sent) {
    traffic = sent;
  }

  /** Notes a connect, whether or not it succeeded. */
  public void connected(Connect connect) {
    minute.add(connect);
  }

  /** Takes a failure over. */
  public void failed(Failure failure) {
    recent.add(failure);
    if (!waiting.offer(Optional.of(failure))) {
      dropped.incrementAndGet();
    }
  }

  /** Takes over what people are told: the minute before an incident begins to fire is kept too. */
  public void told(List<Notice> notices) {
    for (Notice notice : notices) {
      if (notice.event() == Notice.Event.FIRING) {
        Incident incident = notice.incident();
        failed(
            Failure.ofIncident(
                time.now(),
                incident.stage(),
                incident.failure(),
                incident.cause(),
                incident.what()));
      }
    }
  }

  /** Whether slaves were being sent something within the last so long, to a second. */
  public boolean isServing(Duration ago) {
    return minute.isServing(ago);
  }

  /**
   * What failed within the last hour, also before a restart: one for each class, attempt and place,
   * with how often, the latest first. Of the last 1,000 failures. The first call reads the log.
   */
  public synchronized List<Failure> recent() {
    if (!remembersEarlier) {
      remembersEarlier = true;
      rememberEarlier();
    }
    return recent.at(time.now());
  }

  /** Not at the start, since a run of cron has no use for it. */
  private void rememberEarlier() {
    Instant since = startedAt.minus(RecentFailures.REACH);
    try {
      recent.addEarlier(
          folder.failures().stream()
              .filter(failure -> failure.at().isAfter(since) && failure.at().isBefore(startedAt))
              .toList());
    } catch (IOException e) {
      LOG.warn("what failed before this start can't be read: {}", e.toString());
    }
  }

  /** How much could not be written. */
  public long dropped() {
    return dropped.get();
  }

  /** How long all samples together took. */
  public Duration sampling() {
    return Duration.ofNanos(samplingNanos.get());
  }

  /** Ends it, within two seconds; what was reported before is written. */
  @Override
  public void close() {
    isClosed = true;
    // Wakes the thread; where the queue is full it is awake.
    if (!waiting.offer(Optional.empty())) {
      LOG.debug("many failures are written before the end");
    }
    try {
      if (!thread.join(CLOSE)) {
        LOG.warn("failures were not all recorded within {} of the end", CLOSE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Opens everything here, so that whoever starts it does not wait for the JVM's management. */
  private void run(FlightOptions options, HostReader host) {
    try (GcPauses gc = new GcPauses()) {
      Sampler sampler = new Sampler(host, gc, time);
      FailureWriter writer = new FailureWriter(folder, options, time, dropped);
      long sampledAt = time.nanoTime();
      while (!isClosed || !waiting.isEmpty()) {
        Duration left = EVERY.minus(time.since(sampledAt));
        if (left.isPositive()) {
          Optional<Failure> next = waiting.poll(left.toNanos(), TimeUnit.NANOSECONDS);
          if (next != null && next.isPresent()) {
            write(next.get(), sampler, writer);
          }
        } else {
          sampledAt = time.nanoTime();
          sample(sampler);
          writer.flush(false);
        }
      }
      writer.flush(true);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void sample(Sampler sampler) {
    long start = time.nanoTime();
    try {
      minute.add(sampler.take(traffic));
    } catch (RuntimeException e) {
      // A mistake here must not end the thread: failures would no longer be written, unnoticed.
      LOG.error("a sample failed unexpectedly", e);
    }
    samplingNanos.addAndGet(time.nanoTime() - start);
  }

  private void write(Failure failure, Sampler sampler, FailureWriter writer) {
    try {
      writer.write(failure, each -> recording(each, sampler));
    } catch (RuntimeException e) {
      LOG.error("a failure could not be recorded: {}", failure.text(), e);
      dropped.incrementAndGet();
    }
  }

  private Recording recording(Failure failure, Sampler sampler) {
    // What happened since the last sample may be what mattered.
    sample(sampler);
    return new Recording(
        Recording.FORMAT,
        node,
        failure,
        minute.samples(),
        minute.connects(failure.at()),
        sampler.missing());
  }
}
