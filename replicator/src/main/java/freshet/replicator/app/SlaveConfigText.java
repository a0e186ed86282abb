package freshet.replicator.app;

import freshet.replicator.config.YamlText;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The commented configuration of a new slave. Pure. */
final class SlaveConfigText {
  private SlaveConfigText() {}

  /**
   * The file's text.
   *
   * @param home where relative paths start, relative to the file's folder
   * @param name by which the master knows the slave
   * @param url of the remote
   * @param token file; null if none is asked for
   * @param authorities PEM file of whom to trust; null for those of the JDK
   */
  static String yaml(
      String home, String name, String url, @Nullable Path token, @Nullable Path authorities) {
    return """
        # A slave: pulls snapshots from a master, searches them. bin/replicator init wrote this. Edit it:
        # every key, and those that are not here, is explained in docs/configuration.md.

        # Relative paths start here; this one starts at the folder of this file.
        home: %s

        # By which the master knows this slave; each has a name of its own.
        name: %s

        remote:
          # A master, another slave, rsync://host/module, or a folder.
          url: %s
          # What the server asks of whoever comes: one of token, token_file, token_command.
          %s
          # Whom to trust over https; by default the authorities of the JDK.
          %s

        store:
          # Where snapshots are kept, and searched.
          folder: data/slave
          # A pull that would leave less free on this disk is refused before its first byte.
          # disk_reserve: 256MB

        schedule:
          # Quartz cron, seconds first. Between these a long poll tells of each new snapshot at once.
          pull: "0/10 * * * * ?"

        server:
          # Where searches are answered; clients on other hosts need an address that they reach.
          listen: 127.0.0.1:8701

        freshness:
          # Older than this, /readyz says no, and on-call is told: docs/alerts.md
          limit: 5m
        """
        .formatted(
            YamlText.of(home),
            YamlText.of(name),
            YamlText.of(url),
            token == null
                ? "# token_file: /etc/freshet/token"
                : "token_file: " + YamlText.of(token.toString()),
            authorities == null
                ? "# tls: {authorities: /etc/freshet/ca.pem}"
                : "tls: {authorities: %s}".formatted(YamlText.of(authorities.toString())));
  }
}
