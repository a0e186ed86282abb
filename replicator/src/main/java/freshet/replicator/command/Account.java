package freshet.replicator.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Who runs a command, for those who read later what was done. */
public final class Account {
  private static final Path HOST = Path.of("/proc/sys/kernel/hostname");

  private Account() {}

  /**
   * Account and host, such as {@code ann@ops-1}; behind sudo, whoever called that. No name service
   * is asked, which could hang.
   */
  public static String here(Map<String, String> environment) {
    String user =
        Optional.ofNullable(environment.get("SUDO_USER"))
            .orElseGet(() -> System.getProperty("user.name", "unknown"));
    return user + "@" + host(environment);
  }

  private static String host(Map<String, String> environment) {
    try {
      return Files.readString(HOST).strip();
    } catch (IOException e) {
      // Not on Linux.
      return environment.getOrDefault("HOSTNAME", "unknown");
    }
  }
}
