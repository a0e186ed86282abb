package freshet.replicator.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.BitSet;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeletedDocumentsTest {

  @Property(tries = 1000)
  void whatIsWrittenIsRead(@ForAll @Size(max = 300) Set<@IntRange(max = 40_000) Integer> deleted) {
    BitSet bits = new BitSet();
    deleted.forEach(bits::set);

    assertThat(DeletedDocuments.read(DeletedDocuments.write(bits), 40_001)).isEqualTo(bits);
  }

  @Test
  void fewAreGapsAndManyAreBits() {
    BitSet few = new BitSet();
    few.set(3);
    few.set(1000);
    BitSet many = new BitSet();
    many.set(0, 999);

    assertThat(DeletedDocuments.write(few)).isEqualTo("gA+QH");
    assertThat(DeletedDocuments.write(many)).startsWith("b").hasSizeLessThan(180);
    assertThat(DeletedDocuments.write(new BitSet())).isEqualTo("g");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "gA+Q", "gA+QH", "g!!", "g/////w8A", "b//////////8="})
  void whatIsNoneIsRefused(String text) {
    assertThatThrownBy(() -> DeletedDocuments.read(text, 10))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
