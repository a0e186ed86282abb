package freshet.replicator.schedule;

import org.quartz.DisallowConcurrentExecution;
import org.quartz.Job;
import org.quartz.JobExecutionContext;

/** What Quartz makes an instance of for each run. It is public since Quartz lives elsewhere. */
@DisallowConcurrentExecution
public final class CronJob implements Job {
  static final String BODY = "body";

  @Override
  public void execute(JobExecutionContext context) {
    if (context.getMergedJobDataMap().get(BODY) instanceof Runnable body) {
      body.run();
    }
  }
}
