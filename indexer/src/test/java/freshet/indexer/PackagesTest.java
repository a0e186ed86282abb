package freshet.indexer;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;

/** The map of allowed imports: along the way of the data, and never back. */
@AnalyzeClasses(packages = "freshet.indexer", importOptions = ImportOption.DoNotIncludeTests.class)
class PackagesTest {
  private static final String[] STANDARD = {
    "java..", "javax..", "org.jspecify..", "org.slf4j..", "com.google.errorprone.."
  };

  @ArchTest
  static final ArchRule sourceKnowsOnlyTheDatabase =
      mayOnlyImport(
          "source",
          "freshet.indexer.connect",
          "freshet.indexer.session",
          "freshet.indexer.table",
          "freshet.indexer.quarantine",
          "freshet.replicator.snapshot",
          "freshet.replicator.files",
          "freshet.replicator.runtime");

  @ArchTest
  static final ArchRule checkReadsWhatAPollWouldRead =
      mayOnlyImport(
          "check",
          "freshet.indexer.connect",
          "freshet.indexer.session",
          "freshet.indexer.table",
          "freshet.indexer.source",
          "freshet.replicator.snapshot",
          "freshet.replicator.runtime");

  @ArchTest
  static final ArchRule inspectLooksByTheMeansOfTheCheck =
      mayOnlyImport(
          "inspect",
          "freshet.indexer.connect",
          "freshet.indexer.session",
          "freshet.indexer.table",
          "freshet.indexer.check",
          "freshet.replicator.config",
          "freshet.replicator.snapshot");

  @ArchTest
  static final ArchRule proposeSaysWhatTheCheckWouldAccept =
      mayOnlyImport(
          "propose",
          "freshet.indexer.inspect",
          "freshet.replicator.schema",
          "freshet.indexer.connect",
          "freshet.indexer.session",
          "freshet.indexer.table",
          "freshet.indexer.source",
          "freshet.indexer.check",
          "freshet.replicator.config",
          "freshet.replicator.snapshot",
          "freshet.replicator.runtime",
          "org.apache.lucene.analysis..");

  @ArchTest
  static final ArchRule doctorAsksTheCheck =
      mayOnlyImport(
          "doctor",
          "freshet.indexer.connect",
          "freshet.indexer.session",
          "freshet.indexer.source",
          "freshet.indexer.check",
          "freshet.replicator.snapshot",
          "freshet.replicator.runtime");

  @ArchTest
  static final ArchRule tableKnowsHowToAskButNotWhen =
      mayOnlyImport(
          "table",
          "freshet.indexer.session",
          "freshet.indexer.quarantine",
          "freshet.replicator.snapshot",
          "freshet.replicator.schema",
          "com.fasterxml.jackson..");

  @ArchTest
  static final ArchRule sessionKnowsNoTable =
      mayOnlyImport(
          "session",
          "freshet.indexer.connect",
          "freshet.replicator.snapshot",
          "freshet.replicator.runtime",
          "com.mysql..",
          "io.github.resilience4j..");

  @ArchTest
  static final ArchRule quarantineKnowsNoDatabase =
      mayOnlyImport(
          "quarantine",
          "freshet.replicator.files",
          "freshet.replicator.snapshot",
          "freshet.replicator.runtime",
          "com.fasterxml.jackson..");

  @ArchTest
  static final ArchRule connectKnowsOnlyTheDriver =
      mayOnlyImport("connect", "freshet.replicator.runtime", "com.mysql..");

  @ArchTest
  static final ArchRule mergeKnowsNoCity =
      mayOnlyImport(
          "merge",
          "freshet.replicator.snapshot",
          "freshet.replicator.files",
          "freshet.replicator.runtime",
          "org.apache.lucene..");

  @ArchTest
  static final ArchRule directoryKnowsOnlyLucene =
      mayOnlyImport("directory", "org.apache.lucene..");

  @ArchTest
  static final ArchRule routeDecidesByChangesAlone =
      mayOnlyImport(
          "route",
          "freshet.indexer.source",
          "freshet.indexer.table",
          "freshet.indexer.merge",
          "freshet.indexer.directory",
          "freshet.replicator.replay",
          "freshet.replicator.snapshot",
          "freshet.replicator.schema",
          "freshet.replicator.files",
          "freshet.replicator.runtime",
          "org.apache.lucene..");

  @ArchTest
  static final ArchRule buildEndsWhereACommitIsHandedOn =
      mayOnlyImport(
          "build",
          "freshet.indexer.source",
          "freshet.indexer.table",
          "freshet.indexer.route",
          "freshet.indexer.merge",
          "freshet.indexer.directory",
          "freshet.replicator.replay",
          "freshet.replicator.snapshot",
          "freshet.replicator.schema",
          "freshet.replicator.publish",
          "freshet.replicator.repository",
          "freshet.replicator.files",
          "freshet.replicator.runtime",
          "org.apache.lucene..");

  @ArchTest
  static final ArchRule scanReadsTheTable =
      mayOnlyImport(
          "scan",
          "freshet.indexer.connect",
          "freshet.indexer.session",
          "freshet.indexer.table",
          "freshet.indexer.source",
          "freshet.indexer.quarantine",
          "freshet.replicator.snapshot",
          "freshet.replicator.runtime");

  @ArchTest
  static final ArchRule bulkKnowsNoDatabase =
      mayOnlyImport(
          "bulk",
          "freshet.indexer.table",
          "freshet.indexer.build",
          "freshet.indexer.merge",
          "freshet.replicator.snapshot",
          "freshet.replicator.schema",
          "freshet.replicator.files",
          "freshet.replicator.runtime",
          "org.apache.lucene..");

  @ArchTest
  static final ArchRule diffComparesTheTableWithWhatIsPublished =
      mayOnlyImport(
          "diff",
          "freshet.indexer.session",
          "freshet.indexer.table",
          "freshet.indexer.source",
          "freshet.indexer.quarantine",
          "freshet.indexer.route",
          "freshet.replicator.repository",
          "freshet.replicator.swap",
          "freshet.replicator.snapshot",
          "freshet.replicator.schema",
          "freshet.replicator.runtime",
          "org.apache.lucene..");

  @ArchTest
  static final ArchRule explainJudgesWhatWasObserved =
      mayOnlyImport(
          "explain",
          "freshet.replicator.explain",
          "freshet.replicator.snapshot",
          "freshet.replicator.runtime");

  @ArchTest
  static final ArchRule previewShowsWhatWasRead =
      mayOnlyImport(
          "preview",
          "freshet.indexer.table",
          "freshet.indexer.quarantine",
          "freshet.replicator.search",
          "freshet.replicator.schema",
          "freshet.replicator.snapshot",
          "org.apache.lucene..");

  @ArchTest
  static final ArchRule rebuildEndsWhereTheMasterSwitches =
      mayOnlyImport(
          "rebuild",
          "freshet.indexer.session",
          "freshet.indexer.table",
          "freshet.indexer.source",
          "freshet.indexer.scan",
          "freshet.indexer.bulk",
          "freshet.indexer.route",
          "freshet.indexer.build",
          "freshet.replicator.snapshot",
          "freshet.replicator.files",
          "freshet.replicator.runtime");

  @ArchTest
  static final ArchRule alertJudgesWhatCyclesReport =
      mayOnlyImport(
          "alert",
          "freshet.indexer.connect",
          "freshet.indexer.session",
          "freshet.indexer.source",
          "freshet.indexer.schedule",
          "freshet.replicator.incident",
          "freshet.replicator.alert",
          "freshet.replicator.freshness",
          "freshet.replicator.pause",
          "freshet.replicator.publish",
          "freshet.replicator.snapshot",
          "freshet.replicator.runtime");

  @ArchTest
  static final ArchRule onlyTheDemoAndTheBenchmarksKnowTheEmbeddedDatabase =
      ArchRuleDefinition.noClasses()
          .that()
          .resideOutsideOfPackages(
              "freshet.indexer.demo..", "freshet.indexer.benchmark..", "freshet.indexer.embedded..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "freshet.indexer.demo..",
              "freshet.indexer.benchmark..",
              "freshet.indexer.embedded..",
              "ch.vorburger..");

  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      SlicesRuleDefinition.slices().matching("freshet.indexer.(*)..").should().beFreeOfCycles();

  private static ArchRule mayOnlyImport(String own, String... others) {
    return ArchRuleDefinition.classes()
        .that()
        .resideInAPackage("freshet.indexer." + own)
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(concat("freshet.indexer." + own, others))
        .allowEmptyShould(true);
  }

  private static String[] concat(String own, String[] others) {
    String[] all = new String[STANDARD.length + others.length + 1];
    System.arraycopy(STANDARD, 0, all, 0, STANDARD.length);
    System.arraycopy(others, 0, all, STANDARD.length, others.length);
    all[all.length - 1] = own;
    return all;
  }
}
