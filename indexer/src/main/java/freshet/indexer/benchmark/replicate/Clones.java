package freshet.indexer.benchmark.replicate;

import freshet.indexer.benchmark.build.WrongContent;
import freshet.replicator.runtime.Deadline;
import freshet.replicator.runtime.Time;
import freshet.replicator.runtime.Workers;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/**
 * Slaves as the master's server sees them: each asks for one file after the other, comes back when
 * it is told to, and digests nothing, so that one host can play many.
 */
final class Clones implements AutoCloseable {
  private static final int OK = 200;
  private static final int BUSY = 503;
  private static final int GONE = 404;
  private static final Duration LONGEST = Duration.ofMinutes(20);

  private final String base;
  private final HttpClient client = HttpClient.newHttpClient();
  private final ExecutorService threads = Workers.virtual("clone");
  private final List<Set<String>> fetched = new ArrayList<>();
  private final Deadline deadline;
  private final Time time;

  /** So many slaves, which have nothing yet, of the master at this port. */
  Clones(int slaves, int port, Time time) {
    this.base = "http://127.0.0.1:" + port + "/";
    this.time = time;
    this.deadline = Deadline.after(time, LONGEST);
    for (int i = 0; i < slaves; i++) {
      fetched.add(new HashSet<>());
    }
  }

  /** Lets each fetch what it lacks of these files. */
  List<Future<?>> fetch(List<String> names) {
    List<Future<?>> all = new ArrayList<>();
    for (Set<String> own : fetched) {
      all.add(threads.submit(() -> fetch(names, own)));
    }
    return all;
  }

  /** How many have all of these files. */
  int having(List<String> names) {
    return (int) fetched.stream().filter(own -> own.containsAll(names)).count();
  }

  @Override
  public void close() {
    threads.shutdownNow();
    client.shutdownNow();
  }

  private Void fetch(List<String> names, Set<String> own) throws Exception {
    for (String name : names) {
      if (!own.contains(name) && isFetched(name)) {
        own.add(name);
      }
    }
    return null;
  }

  /** Whether it came; else it has been collected meanwhile. */
  private boolean isFetched(String name) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(base + name)).build();
    while (!deadline.isPast()) {
      HttpResponse<InputStream> answer =
          client.send(request, HttpResponse.BodyHandlers.ofInputStream());
      discard(answer.body());
      switch (answer.statusCode()) {
        case OK -> {
          return true;
        }
        case GONE -> {
          return false;
        }
        case BUSY ->
            time.sleep(
                Duration.ofSeconds(answer.headers().firstValueAsLong("Retry-After").orElse(1)));
        default -> throw new WrongContent(request.uri() + " was answered " + answer.statusCode());
      }
    }
    throw new WrongContent("clones did not end within " + LONGEST);
  }

  private static void discard(InputStream body) throws IOException {
    try (body) {
      body.transferTo(OutputStream.nullOutputStream());
    }
  }
}
