package freshet.indexer;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** A package is named after what it does, never after being a drawer for the rest. */
@AnalyzeClasses(packages = "freshet.indexer", importOptions = ImportOption.DoNotIncludeTests.class)
class PackageNamesTest {

  @ArchTest
  static final ArchRule noPackageIsADrawer =
      noClasses()
          .should()
          .resideInAnyPackage(
              "..util..", "..common..", "..core..", "..impl..", "..helpers..", "..manager..")
          .allowEmptyShould(true);
}
