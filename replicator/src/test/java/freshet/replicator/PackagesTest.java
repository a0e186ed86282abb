package freshet.replicator;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.Architectures;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;

/** The map of allowed imports: along the way of the data, and never back. */
@AnalyzeClasses(
    packages = "freshet.replicator",
    importOptions = ImportOption.DoNotIncludeTests.class)
class PackagesTest {

  @ArchTest
  static final ArchRule importsRunOneWay =
      Architectures.layeredArchitecture()
          .consideringOnlyDependenciesInAnyPackage("freshet..")
          .withOptionalLayers(true)
          .layer("runtime")
          .definedBy("freshet.replicator.runtime")
          .layer("files")
          .definedBy("freshet.replicator.files")
          .layer("host")
          .definedBy("freshet.replicator.host")
          .layer("config")
          .definedBy("freshet.replicator.config")
          .layer("command")
          .definedBy("freshet.replicator.command")
          .layer("tls")
          .definedBy("freshet.replicator.tls")
          .layer("http")
          .definedBy("freshet.replicator.http")
          .layer("snapshot")
          .definedBy("freshet.replicator.snapshot")
          .layer("schema")
          .definedBy("freshet.replicator.schema")
          .layer("lease")
          .definedBy("freshet.replicator.lease")
          .layer("repository")
          .definedBy("freshet.replicator.repository")
          .layer("archive")
          .definedBy("freshet.replicator.archive")
          .layer("order")
          .definedBy("freshet.replicator.order")
          .layer("pause")
          .definedBy("freshet.replicator.pause")
          .layer("gate")
          .definedBy("freshet.replicator.gate")
          .layer("publish")
          .definedBy("freshet.replicator.publish")
          .layer("serve")
          .definedBy("freshet.replicator.serve")
          .layer("replay")
          .definedBy("freshet.replicator.replay")
          .layer("remote")
          .definedBy("freshet.replicator.remote")
          .layer("pull")
          .definedBy("freshet.replicator.pull")
          .layer("swap")
          .definedBy("freshet.replicator.swap")
          .layer("explain")
          .definedBy("freshet.replicator.explain")
          .layer("search")
          .definedBy("freshet.replicator.search")
          .layer("freshness")
          .definedBy("freshet.replicator.freshness")
          .layer("incident")
          .definedBy("freshet.replicator.incident")
          .layer("sink")
          .definedBy("freshet.replicator.sink")
          .layer("alert")
          .definedBy("freshet.replicator.alert")
          .layer("flight")
          .definedBy("freshet.replicator.flight")
          .layer("review")
          .definedBy("freshet.replicator.review")
          .layer("page")
          .definedBy("freshet.replicator.page")
          .layer("schedule")
          .definedBy("freshet.replicator.schedule")
          .layer("app")
          .definedBy("freshet.replicator.app")
          .whereLayer("runtime")
          .mayNotAccessAnyLayer()
          .whereLayer("files")
          .mayOnlyAccessLayers("runtime")
          .whereLayer("host")
          .mayOnlyAccessLayers("files")
          .whereLayer("config")
          .mayOnlyAccessLayers("runtime", "files")
          .whereLayer("command")
          .mayOnlyAccessLayers("config", "tls", "runtime", "files")
          .whereLayer("tls")
          .mayOnlyAccessLayers("runtime")
          .whereLayer("http")
          .mayOnlyAccessLayers("runtime")
          .whereLayer("snapshot")
          .mayOnlyAccessLayers("files")
          .whereLayer("schema")
          .mayOnlyAccessLayers("snapshot", "files")
          .whereLayer("lease")
          .mayOnlyAccessLayers("snapshot", "files", "runtime")
          .whereLayer("repository")
          .mayOnlyAccessLayers("lease", "pause", "snapshot", "files", "runtime")
          .whereLayer("archive")
          .mayOnlyAccessLayers("repository", "lease", "snapshot", "files", "runtime")
          .whereLayer("order")
          .mayOnlyAccessLayers("gate", "repository", "snapshot", "files", "runtime")
          .whereLayer("pause")
          .mayOnlyAccessLayers("snapshot", "files", "runtime")
          .whereLayer("gate")
          .mayOnlyAccessLayers("repository", "snapshot", "files", "runtime")
          .whereLayer("publish")
          .mayOnlyAccessLayers("gate", "repository", "snapshot", "files", "runtime")
          .whereLayer("serve")
          .mayOnlyAccessLayers("repository", "lease", "snapshot", "http", "files", "runtime")
          .whereLayer("remote")
          .mayOnlyAccessLayers("lease", "snapshot", "files", "runtime")
          .whereLayer("replay")
          .mayOnlyAccessLayers("snapshot", "files")
          .whereLayer("pull")
          .mayOnlyAccessLayers("replay", "remote", "repository", "snapshot", "files", "runtime")
          .whereLayer("swap")
          .mayOnlyAccessLayers("repository", "schema", "snapshot", "files", "runtime")
          .whereLayer("explain")
          .mayOnlyAccessLayers("swap", "repository", "schema", "snapshot")
          .whereLayer("search")
          .mayOnlyAccessLayers("swap", "schema", "snapshot", "http", "runtime")
          .whereLayer("freshness")
          .mayOnlyAccessLayers("pause", "snapshot", "runtime")
          .whereLayer("incident")
          .mayNotAccessAnyLayer()
          .whereLayer("sink")
          .mayOnlyAccessLayers("incident", "config", "tls", "snapshot", "runtime")
          .whereLayer("alert")
          .mayOnlyAccessLayers(
              "sink", "incident", "freshness", "pause", "snapshot", "files", "runtime")
          .whereLayer("flight")
          .mayOnlyAccessLayers("incident", "snapshot", "files", "runtime")
          .whereLayer("review")
          .mayOnlyAccessLayers(
              "alert",
              "flight",
              "incident",
              "freshness",
              "command",
              "config",
              "snapshot",
              "runtime")
          .whereLayer("page")
          .mayOnlyAccessLayers("flight", "incident", "freshness", "snapshot", "http", "runtime")
          .whereLayer("schedule")
          .mayOnlyBeAccessedByLayers("app")
          .whereLayer("app")
          .mayNotBeAccessedByAnyLayer();

  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      SlicesRuleDefinition.slices().matching("freshet.replicator.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule knowsNothingOfTheIndexer =
      com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses()
          .should()
          .dependOnClassesThat(resideInAnyPackage("freshet.indexer..", "com.mysql.."));
}
