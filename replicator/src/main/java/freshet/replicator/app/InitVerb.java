package freshet.replicator.app;

import freshet.replicator.command.CommandException;
import freshet.replicator.command.ExitCode;
import freshet.replicator.command.NewFile;
import freshet.replicator.command.Verb;
import freshet.replicator.pull.PullException;
import freshet.replicator.pull.RemoteOffer;
import freshet.replicator.remote.RemoteOptions;
import freshet.replicator.remote.RemoteRepository;
import freshet.replicator.runtime.Count;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Time;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Writes a configuration for a slave of a remote. */
@Command(
    name = "init",
    description =
        "Write a commented configuration for a slave. Asks the remote once what it offers; one that"
            + " does not answer is only warned of. Overwrites no file. See docs/getting-started.md")
final class InitVerb extends Verb {
  private static final String DEFAULT_OUTPUT = "replicator.yaml";
  private static final Path HOST_NAME = Path.of("/etc/hostname");

  @Option(
      names = "--remote",
      required = true,
      paramLabel = "URL",
      description =
          "Where snapshots come from: http(s)://HOST:PORT of a master or another slave,"
              + " rsync://HOST/MODULE, or a folder.")
  private String remote = "";

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "By which the master knows this slave; by default this host's name.")
  private @Nullable String name;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "Holds the token, where the remote asks for one.")
  private @Nullable Path tokenFile;

  @Option(
      names = "--ca-file",
      paramLabel = "FILE",
      description = "Certificates, in PEM form, to trust over https; by default those of the JDK.")
  private @Nullable Path authorities;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description =
          "Where to write the configuration: by default what --config names, else replicator.yaml in"
              + " this folder; - is standard output.")
  private @Nullable Path output;

  InitVerb() {
    super(DEFAULT_OUTPUT, true);
  }

  @Override
  protected ExitCode perform() throws CommandException {
    Path named = output == null ? namedConfig().orElse(Path.of(DEFAULT_OUTPUT)) : output;
    NewFile file = NewFile.of(named);
    file.check();
    String slave = name == null ? hostName() : name;
    if (!ReplicatorConfig.isName(slave)) {
      throw new CommandException(
          ExitCode.USAGE,
          "--name %s: 1 to 64 letters, digits, '.', '_' or '-' are expected, a letter or digit first"
              .formatted(slave));
    }
    String url =
        RemoteRepository.isFolder(remote)
            ? Path.of(remote).toAbsolutePath().normalize().toString()
            : remote;
    Path token = absolute(tokenFile);
    Path trusted = absolute(authorities);
    ask(url, token, trusted);
    String text = SlaveConfigText.yaml(file.home(), slave, url, token, trusted);
    if (file.path() == null) {
      print(text);
      return ExitCode.OK;
    }
    file.write(text);
    print("wrote " + named);
    print("Next:");
    print("  bin/replicator check-config --config " + named);
    print("  bin/replicator run --config " + named);
    return ExitCode.OK;
  }

  /** Says what is there; whoever is not there yet is no reason to write nothing. */
  private void ask(String url, @Nullable Path token, @Nullable Path trusted)
      throws CommandException {
    Time time = new SystemTime();
    try (RemoteRepository asked =
        RemoteRepository.open(
            url, RemoteOptions.defaults().with(Remotes.access(token, trusted)), time)) {
      Optional<RemoteOffer> offer = RemoteOffer.ask(asked, time);
      say(
          offer
              .map(
                  found ->
                      "%s offers generation %s: %s, %s, %,d bytes; format %d"
                          .formatted(
                              url,
                              found.pointer().generation(),
                              Count.of(found.snapshot().cities().size(), "city", "cities"),
                              Count.of(found.snapshot().documents(), "document"),
                              found.snapshot().bytes(),
                              found.pointer().format()))
              .orElse(
                  url
                      + " answers, and has published nothing yet: start bin/indexer build or run there"));
    } catch (IllegalArgumentException e) {
      throw new CommandException(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
    } catch (IOException | PullException e) {
      say(
          "warning: %s could not be asked: %s. The configuration is written all the same; correct remote.url in it, or start the master"
              .formatted(url, e.getMessage()));
    }
  }

  private static @Nullable Path absolute(@Nullable Path file) {
    return file == null ? null : file.toAbsolutePath().normalize();
  }

  /** What the system says, if a slave can be called so. */
  private static String hostName() {
    try {
      String found = Files.readString(HOST_NAME).strip();
      return ReplicatorConfig.isName(found) ? found : "slave";
    } catch (IOException e) {
      return "slave";
    }
  }
}
