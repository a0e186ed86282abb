package freshet.replicator.command;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IVersionProvider;

/** The version of this build, from its jar. */
public final class BuildVersion implements IVersionProvider {

  /** The version; "development" if it does not run from a jar. */
  public static String text() {
    @Nullable String version = BuildVersion.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  @Override
  public String[] getVersion() {
    return new String[] {"Freshet " + text()};
  }
}
