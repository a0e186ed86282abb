package freshet.replicator.app;

import freshet.replicator.config.ConfigSection;
import freshet.replicator.schedule.CronSchedule;

/** Cron expressions in a configuration, in the form that Quartz reads. */
public final class CronKey {
  private CronKey() {}

  /** Reads an expression. */
  public static String read(ConfigSection section, String key, String otherwise) {
    return section.parsed(
        key,
        otherwise,
        "a Quartz cron expression is expected",
        otherwise,
        text -> {
          CronSchedule.problemWith(text)
              .ifPresent(
                  problem -> {
                    throw new IllegalArgumentException(problem);
                  });
          return text;
        });
  }
}
