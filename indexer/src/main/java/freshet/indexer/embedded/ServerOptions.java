package freshet.indexer.embedded;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How one embedded server is set up. Immutable; the {@code with} methods return a changed copy.
 *
 * @param dataFolder where a persistent server lives, or null for a temporary one
 * @param serverId unique among servers that replicate from each other, 1 or more
 * @param rootPassword letters, digits, {@code -} and {@code _}, for it is written into SQL
 * @param bufferPool innodb_buffer_pool_size, for example {@code 64M}; raise it to 512M before
 *     comparing speeds
 * @param readOnly refuses writes by accounts other than root and replication
 * @param configuration further lines of the {@code [mysqld]} section; they come last, so they
 *     override ours, for example {@code sync_binlog=1}
 * @param initStatements run as root at the very first start of a folder and kept out of the binary
 *     log
 */
public record ServerOptions(
    @Nullable Path dataFolder,
    int serverId,
    String rootPassword,
    String bufferPool,
    boolean readOnly,
    List<String> configuration,
    List<String> initStatements) {

  /** Refuses values that the server would misread. */
  public ServerOptions {
    if (serverId < 1) {
      throw new IllegalArgumentException("server id " + serverId + " is not 1 or more");
    }
    if (!rootPassword.matches("[A-Za-z0-9_-]+")) {
      throw new IllegalArgumentException(
          "the root password must consist of letters, digits, - and _, and not be empty");
    }
    configuration = List.copyOf(configuration);
    initStatements = List.copyOf(initStatements);
  }

  /** A server whose folder is made for it and deleted at its end; the root password is random. */
  public static ServerOptions temporary(int serverId) {
    return new ServerOptions(null, serverId, randomPassword(), "64M", false, List.of(), List.of());
  }

  /**
   * A server that keeps its data in the folder, which is created at the first start. The password
   * must be the same at each start.
   */
  public static ServerOptions persistent(Path dataFolder, int serverId, String rootPassword) {
    return new ServerOptions(
        dataFolder, serverId, rootPassword, "64M", false, List.of(), List.of());
  }

  /** With another innodb_buffer_pool_size. */
  public ServerOptions withBufferPool(String size) {
    return new ServerOptions(
        dataFolder, serverId, rootPassword, size, readOnly, configuration, initStatements);
  }

  /** With read_only=ON, as a replica should be. */
  public ServerOptions withReadOnly() {
    return new ServerOptions(
        dataFolder, serverId, rootPassword, bufferPool, true, configuration, initStatements);
  }

  /** With these further lines of the {@code [mysqld]} section instead of any given before. */
  public ServerOptions withConfiguration(String... lines) {
    return new ServerOptions(
        dataFolder, serverId, rootPassword, bufferPool, readOnly, List.of(lines), initStatements);
  }

  /** With these statements of the first start instead of any given before. */
  public ServerOptions withInitStatements(String... statements) {
    return new ServerOptions(
        dataFolder,
        serverId,
        rootPassword,
        bufferPool,
        readOnly,
        configuration,
        List.of(statements));
  }

  /** 128 random bits in hexadecimal. */
  static String randomPassword() {
    byte[] bits = new byte[16];
    new SecureRandom().nextBytes(bits);
    return HexFormat.of().formatHex(bits);
  }

  /** Without the password, which must not get into a log. */
  @Override
  public String toString() {
    return "ServerOptions[dataFolder=" + dataFolder + ", serverId=" + serverId + "]";
  }
}
