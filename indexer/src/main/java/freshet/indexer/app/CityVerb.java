package freshet.indexer.app;

import picocli.CommandLine.Command;

/** The cities of a master. */
@Command(
    name = "city",
    description = "Show all cities, build some anew, follow the renaming of one, or take one out.",
    subcommands = {
      CityListVerb.class,
      CityRebuildVerb.class,
      CityRenameVerb.class,
      CityRetireVerb.class
    },
    synopsisSubcommandLabel = "list|rebuild|rename|retire")
final class CityVerb {
  private CityVerb() {}
}
