package freshet.replicator.command;

import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.Time;
import freshet.replicator.runtime.Workers;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the operating system talks to a daemon: SIGTERM and SIGINT request a stop, a second one ends
 * the process at once. SIGHUP opens the log file anew, for whoever rotates it from outside, and
 * stops nothing. SIGWINCH is ignored, as a JVM does by itself. None of them reaches a query: reads
 * go on where they are.
 */
public final class Signals {
  private static final Logger LOG = LoggerFactory.getLogger(Signals.class);
  private static final int KILLED_BY_SIGTERM = 143;

  private Signals() {}

  /**
   * Installs the handlers.
   *
   * @param patience how long the daemon may take to stop; then the process is ended as it is, which
   *     its next start is made for
   */
  public static void stopOn(StopSignal stop, Time time, Duration patience) {
    Runnable request =
        () -> {
          if (stop.isRequested()) {
            Runtime.getRuntime().halt(KILLED_BY_SIGTERM);
          }
          // Listeners may wait for something, and the signal's own thread must stay free.
          Workers.thread("stop", stop::request).start();
          Workers.thread("stop-deadline", () -> endAfter(patience, time)).start();
        };
    handle("TERM", request);
    handle("INT", request);
    handle("HUP", Signals::reopenLogs);
  }

  private static void reopenLogs() {
    try {
      LOG.info("SIGHUP: log files opened anew: {}; SIGTERM stops", Logging.reopen());
    } catch (IOException e) {
      LOG.error("SIGHUP: a log file could not be opened anew: {}", e.toString(), e);
    }
  }

  private static void endAfter(Duration patience, Time time) {
    try {
      time.sleep(patience);
      LOG.error("not stopped within {}: the process ends as it is", patience);
      Runtime.getRuntime().halt(KILLED_BY_SIGTERM);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Through reflection: the class is exported and supported (JEP 260), but to name it is a warning
   * of the compiler that can't be switched off.
   */
  @SuppressWarnings("ReferenceEquality") // A proxy is equal to itself alone.
  private static void handle(String name, Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object proxy =
          Proxy.newProxyInstance(
              handler.getClassLoader() == null
                  ? ClassLoader.getPlatformClassLoader()
                  : handler.getClassLoader(),
              new Class<?>[] {handler},
              (self, method, arguments) -> {
                if (method.getName().equals("handle")) {
                  action.run();
                  return null;
                }
                return switch (method.getName()) {
                  case "hashCode" -> System.identityHashCode(self);
                  case "equals" -> arguments != null && self == arguments[0];
                  default -> "freshet's handler of SIG" + name;
                };
              });
      Object one = signal.getConstructor(String.class).newInstance(name);
      signal.getMethod("handle", signal, handler).invoke(null, one, proxy);
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      LOG.warn("SIG{} keeps its default action: {}", name, e.toString());
    }
  }
}
