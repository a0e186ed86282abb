package freshet.indexer.build;

import freshet.replicator.schema.GeoPoint;
import freshet.replicator.snapshot.FieldSpec;
import freshet.replicator.snapshot.FieldType;
import freshet.replicator.snapshot.IndexSchema;
import freshet.replicator.snapshot.KeyType;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Schemas with fields of all types, and documents of them. */
final class RandomDocuments {
  private RandomDocuments() {}

  static IndexSchema schema(Random random) {
    List<FieldSpec> fields = new ArrayList<>();
    fields.add(new FieldSpec("title", FieldType.TEXT, "english", false, true, false));
    for (FieldType type : FieldType.values()) {
      for (int i = random.nextInt(3); i > 0; i--) {
        String analyzer = type == FieldType.TEXT ? "standard" : null;
        boolean canSort = type != FieldType.TEXT && type != FieldType.GEO_POINT;
        boolean isSortable = canSort && random.nextBoolean();
        fields.add(
            new FieldSpec(
                type.name().toLowerCase(Locale.ROOT) + i,
                type,
                analyzer,
                !isSortable && random.nextBoolean(),
                random.nextBoolean(),
                isSortable));
      }
    }
    return new IndexSchema(1, List.of(KeyType.BIGINT), fields, List.of("title"));
  }

  static List<Object> values(Random random, IndexSchema schema) {
    List<Object> values = new ArrayList<>();
    for (FieldSpec field : schema.fields()) {
      if (field.multiValued()) {
        List<Object> several = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          several.add(value(random, field.type()));
        }
        values.add(several);
      } else {
        boolean isMissing = random.nextInt(10) == 0 && !field.name().equals("title");
        values.add(isMissing ? null : value(random, field.type()));
      }
    }
    return values;
  }

  private static Object value(Random random, FieldType type) {
    return switch (type) {
      case TEXT -> text(random);
      case KEYWORD -> "k" + random.nextInt(50);
      case LONG -> random.nextLong(1_000_000);
      case DOUBLE -> random.nextDouble();
      case DECIMAL -> BigDecimal.valueOf(random.nextLong(-1_000_000, 1_000_000), random.nextInt(9));
      case BOOLEAN -> random.nextBoolean();
      case DATE -> Instant.ofEpochSecond(random.nextInt(2_000_000_000));
      case GEO_POINT ->
          new GeoPoint(random.nextDouble() * 180 - 90, random.nextDouble() * 360 - 180);
    };
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(60); i >= 0; i--) {
      text.append("word").append(random.nextInt(3000)).append(' ');
    }
    return text.toString();
  }
}
