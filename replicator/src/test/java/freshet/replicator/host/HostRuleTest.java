package freshet.replicator.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostRuleTest {
  private static final long MB = 1L << 20;
  private static final HostNeeds NEEDS = new HostNeeds(700, 2, 256, 2048, 1024 * MB);
  private static final HostFigures ENOUGH =
      new HostFigures(2816L, 30_000L, 1280 * MB, 57_000L, true);

  @Test
  void whatIsJustEnoughIsNoFinding() {
    assertThat(HostRule.findings(ENOUGH, NEEDS)).isEmpty();
  }

  @Test
  void sevenHundredCitiesAndTwoSnapshotsRunWithinTheDefaultOfLinux() {
    assertThat(NEEDS.maps()).isLessThan(65_530);
  }

  @Test
  void whatIsNotKnownIsNoFinding() {
    assertThat(HostRule.findings(new HostFigures(null, null, null, null, null), NEEDS)).isEmpty();
  }

  @ParameterizedTest(name = "{0} files, {1} maps, {2} MB, {3} inodes, links {4}")
  @CsvSource(
      delimiter = '|',
      value = {
        "2815|30000|1280|57000|true |open files are limited: connections will be refused, and"
            + " indexes not opened: found 2,815, needed 2,816; fix: LimitNOFILE=2816 in the unit of"
            + " the service, or ulimit -n 2816 before the start|false",
        "255 |30000|1280|57000|true |open files are limited: connections will be refused, and"
            + " indexes not opened: found 255, needed 2,816; fix: LimitNOFILE=2816 in the unit of"
            + " the service, or ulimit -n 2816 before the start|true",
        "2816|29999|1280|57000|true |vm.max_map_count is low: with so many cities segments will"
            + " fail to open: found 29,999, needed 30,000; fix: sysctl -w vm.max_map_count=30000,"
            + " and the same in /etc/sysctl.d|false",
        "2816|30000|1279|57000|true |the memory limit is near the heap: the kernel will kill the"
            + " process: found 1,279 MB, needed 1,280 MB for a heap of 1,024 MB; fix: raise the"
            + " limit (MemoryMax= of the unit, --memory of the container), or lower the heap with"
            + " -Xmx|false",
        "2816|30000|1280|56999|true |the file system has few inodes left: no file will be written"
            + " though it has space: found 56,999, needed 57,000; fix: remove files that are not"
            + " needed (df -i shows the file system), or use another one|false",
        "2816|30000|1280|0    |true |the file system has few inodes left: no file will be written"
            + " though it has space: found 0, needed 57,000; fix: remove files that are not needed"
            + " (df -i shows the file system), or use another one|false",
        "2816|30000|1280|57000|false|files can't be shared between the folder they are written to"
            + " and the one they are kept in: found no hard links, needed hard links; fix: put both"
            + " folders on one file system that has hard links, such as ext4 or xfs|true",
      })
  void eachShortageIsNamedWithItsFix(
      long files,
      long maps,
      long megabytes,
      long inodes,
      boolean links,
      String text,
      boolean isFatal) {
    List<HostFinding> findings =
        HostRule.findings(new HostFigures(files, maps, megabytes * MB, inodes, links), NEEDS);

    assertThat(findings).singleElement().hasToString(text);
    assertThat(findings.getFirst().isFatal()).isEqualTo(isFatal);
  }

  @Test
  void manyCitiesNeedMoreMaps() {
    HostNeeds many = new HostNeeds(2000, 2, 0, 0, MB);

    assertThat(HostRule.findings(new HostFigures(null, 65_530L, null, null, null), many))
        .singleElement()
        .extracting(HostFinding::needed)
        .isEqualTo("82,000");
  }
}
