package freshet.indexer.app;

import picocli.CommandLine.Command;

/** The cities of a master. */
@Command(
    name = "city",
    description = "Show all cities, follow the renaming of one, or take one out.",
    subcommands = {CityListVerb.class, CityRenameVerb.class, CityRetireVerb.class},
    synopsisSubcommandLabel = "list|rename|retire")
final class CityVerb {
  private CityVerb() {}
}
