package freshet.indexer.benchmark.replicate;

import freshet.indexer.benchmark.build.WrongContent;
import freshet.replicator.files.DurableFiles;
import freshet.replicator.runtime.Time;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A folder's copy that rsync keeps. Sender and receiver are processes of this host; what goes
 * between them is counted by rsync itself. It verifies nothing at its end, and syncs nothing.
 *
 * @param options beside {@code -a --delete}
 */
record Mirror(Path copy, List<String> options, Time time) {
  private static final Pattern BYTES =
      Pattern.compile("^Total bytes (?:sent|received): ([0-9,.]+)", Pattern.MULTILINE);

  /**
   * What it took.
   *
   * @param bytes both ways
   */
  record Run(long bytes, Duration took) {}

  /** Whether rsync is installed. */
  static boolean isInstalled() throws InterruptedException {
    try {
      Process process = new ProcessBuilder("rsync", "--version").redirectErrorStream(true).start();
      process.getInputStream().readAllBytes();
      return process.waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** Brings it up to date with a folder. */
  Run update(Path from) throws IOException, InterruptedException, WrongContent {
    DurableFiles.createFolders(copy);
    List<String> command = new ArrayList<>(List.of("rsync", "-a", "--delete", "--stats"));
    command.addAll(options);
    command.add(from + "/");
    command.add(copy + "/");
    Path talk = Files.createTempFile(copy.getParent(), "rsync", ".txt");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(talk.toFile());
      builder.environment().put("LC_ALL", "C");
      long start = time.nanoTime();
      int exit = builder.start().waitFor();
      Duration took = time.since(start);
      String said = Files.readString(talk, StandardCharsets.UTF_8);
      if (exit != 0) {
        throw new WrongContent("%s ended with %d:%n%s".formatted(command, exit, said));
      }
      long bytes = 0;
      Matcher found = BYTES.matcher(said);
      while (found.find()) {
        bytes += Long.parseLong(found.group(1).replaceAll("[,.]", ""));
      }
      return new Run(bytes, took);
    } finally {
      Files.deleteIfExists(talk);
    }
  }
}
