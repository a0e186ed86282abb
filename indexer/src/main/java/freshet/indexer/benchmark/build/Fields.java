package freshet.indexer.benchmark.build;

/**
 * The same fields with and without stored values. The analyzer is the plain one, since that is what
 * Sphinx does unless told otherwise.
 */
public enum Fields {
  /** Nothing but the key is stored, as with Sphinx. */
  UNSTORED(false),
  /** A hit returns all of its values. */
  STORED(true);

  private final boolean isStored;

  Fields(boolean isStored) {
    this.isStored = isStored;
  }

  boolean isStored() {
    return isStored;
  }

  /** The section of the configuration. */
  String section() {
    return """
        fields:
          - {name: title, type: text, analyzer: standard, stored: %1$s}
          - {name: body, type: text, analyzer: standard, stored: %1$s}
          - {name: neighborhood, type: keyword, stored: %1$s}
          - {name: price, type: long, sortable: true, stored: %1$s}
          - {name: bedrooms, type: long, sortable: true, stored: %1$s}
          - {name: bathrooms, type: double, stored: %1$s}
          - {name: posted, type: date, sortable: true, stored: %1$s}
          - {name: position, type: geo_point, latitude: latitude, longitude: longitude, stored: %1$s}
        default_fields: [title, body]
        """
        .formatted(isStored);
  }
}
