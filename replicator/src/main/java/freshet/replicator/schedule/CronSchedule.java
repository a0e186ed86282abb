package freshet.replicator.schedule;

import freshet.replicator.runtime.Deadline;
import freshet.replicator.runtime.Time;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Date;
import java.util.Optional;
import java.util.Properties;
import java.util.TimeZone;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.quartz.CronExpression;
import org.quartz.CronScheduleBuilder;
import org.quartz.JobBuilder;
import org.quartz.JobDataMap;
import org.quartz.JobKey;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.Trigger;
import org.quartz.TriggerBuilder;
import org.quartz.TriggerKey;
import org.quartz.impl.StdSchedulerFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs jobs at the times of cron expressions, seconds allowed. A job that still runs when its next
 * time comes is not started a second time; times that were missed, since it ran for long or the
 * machine slept, are not made up for. A job that throws is logged and runs again at its next time.
 * Thread-safe.
 */
public final class CronSchedule implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CronSchedule.class);

  private final Scheduler scheduler;
  private final ZoneId zone;
  private final Duration closeWait;
  private final Time time;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition ended = lock.newCondition();
  private int running;
  private boolean isEnding;

  /**
   * A schedule without jobs.
   *
   * @param name of this schedule in this process; names its threads
   * @param threads how many jobs may run at a time
   * @param zone in which the expressions are meant
   * @param closeWait how long {@link #close} waits for running jobs
   */
  public CronSchedule(String name, int threads, ZoneId zone, Duration closeWait, Time time) {
    this.zone = zone;
    this.closeWait = closeWait;
    this.time = time;
    Properties properties = new Properties();
    properties.setProperty("org.quartz.scheduler.instanceName", name);
    properties.setProperty("org.quartz.scheduler.skipUpdateCheck", "true");
    properties.setProperty("org.quartz.scheduler.makeSchedulerThreadDaemon", "true");
    properties.setProperty("org.quartz.jobStore.class", "org.quartz.simpl.RAMJobStore");
    properties.setProperty("org.quartz.threadPool.class", "org.quartz.simpl.SimpleThreadPool");
    properties.setProperty("org.quartz.threadPool.threadCount", Integer.toString(threads));
    properties.setProperty("org.quartz.threadPool.makeThreadsDaemons", "true");
    properties.setProperty("org.quartz.threadPool.threadNamePrefix", name);
    try {
      scheduler = new StdSchedulerFactory(properties).getScheduler();
      scheduler.start();
    } catch (SchedulerException e) {
      throw new IllegalStateException("the schedule " + name + " can't start: " + e, e);
    }
  }

  /** Why this is no cron expression, if so. */
  public static Optional<String> problemWith(String cron) {
    try {
      CronExpression expression = new CronExpression(cron);
      return expression.getNextValidTimeAfter(Date.from(Instant.EPOCH)) == null
          ? Optional.of("'%s' never comes".formatted(cron))
          : Optional.empty();
    } catch (ParseException | RuntimeException e) {
      // The parser also throws what its arithmetic throws.
      return Optional.of(
          ("'%s' is no cron expression (second minute hour day-of-month month day-of-week, one of the"
                  + " days '?'; every 10 seconds is '0/10 * * * * ?'): %s")
              .formatted(cron, e.getMessage()));
    }
  }

  /**
   * Adds a job.
   *
   * @param name of the job, unique in this schedule
   * @param cron when it runs
   * @throws IllegalArgumentException if {@link #problemWith} finds fault with the expression, or a
   *     job has that name
   */
  public void start(String name, String cron, Runnable job) {
    Optional<String> problem = problemWith(cron);
    if (problem.isPresent()) {
      throw new IllegalArgumentException("the schedule of " + name + ": " + problem.get());
    }
    JobDataMap data = new JobDataMap();
    data.put(CronJob.BODY, (Runnable) () -> run(name, job));
    try {
      if (scheduler.checkExists(new JobKey(name))) {
        throw new IllegalArgumentException("there is a job named " + name + " already");
      }
      scheduler.scheduleJob(
          JobBuilder.newJob(CronJob.class).withIdentity(name).setJobData(data).build(),
          TriggerBuilder.newTrigger()
              .withIdentity(name)
              .withSchedule(
                  CronScheduleBuilder.cronSchedule(cron)
                      .inTimeZone(TimeZone.getTimeZone(zone))
                      .withMisfireHandlingInstructionDoNothing())
              .build());
    } catch (SchedulerException e) {
      throw new IllegalStateException("job " + name + " can't be scheduled: " + e, e);
    }
  }

  /** When a job runs next; empty if there is no such job, or no longer. */
  public Optional<Instant> next(String name) {
    try {
      if (scheduler.isShutdown()) {
        return Optional.empty();
      }
      Trigger trigger = scheduler.getTrigger(new TriggerKey(name));
      return trigger == null
          ? Optional.empty()
          : Optional.ofNullable(trigger.getNextFireTime()).map(Date::toInstant);
    } catch (SchedulerException e) {
      throw new IllegalStateException("job " + name + " can't be looked up: " + e, e);
    }
  }

  /** Starts nothing any more, and waits for the running jobs, at most the configured time. */
  @Override
  public void close() {
    try {
      scheduler.standby();
      end();
      awaitRunning();
      scheduler.shutdown(false);
    } catch (SchedulerException e) {
      LOG.warn("the schedule did not end cleanly: {}", e.toString(), e);
    }
  }

  /** What Quartz has handed to a thread that has not begun it is not running, and never will. */
  private void end() {
    lock.lock();
    try {
      isEnding = true;
    } finally {
      lock.unlock();
    }
  }

  private void awaitRunning() {
    Deadline deadline = Deadline.after(time, closeWait);
    lock.lock();
    try {
      while (running > 0 && !deadline.isPast()) {
        long left = deadline.remaining().toNanos();
        if (!ended.await(left, TimeUnit.NANOSECONDS)) {
          LOG.warn("{} scheduled jobs still ran {} after the stop", running, closeWait);
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  private void run(String name, Runnable job) {
    if (!begins()) {
      return;
    }
    try {
      job.run();
    } catch (RuntimeException e) {
      LOG.error("scheduled job {} failed: {}", name, e.toString(), e);
    } finally {
      ended();
    }
  }

  private boolean begins() {
    lock.lock();
    try {
      if (!isEnding) {
        running++;
      }
      return !isEnding;
    } finally {
      lock.unlock();
    }
  }

  private void ended() {
    lock.lock();
    try {
      running--;
      ended.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
