package freshet.indexer.demo.compare;

import freshet.indexer.demo.compare.Difference.Kind;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Walks through both sides at once, by id, and says where they differ. */
final class DocumentMerge {
  private final String slave;
  private final Differences differences;

  DocumentMerge(String slave, Differences differences) {
    this.slave = slave;
    this.differences = differences;
  }

  /** Compares to the end of both; returns how many documents the database has. */
  long run(DocumentStream database, DocumentStream served) throws IOException, SQLException {
    long documents = 0;
    ComparedDocument ours = database.next();
    ComparedDocument theirs = served.next();
    while (ours != null || theirs != null) {
      if (ours != null) {
        documents++;
      }
      if (theirs == null || (ours != null && ours.id() < theirs.id())) {
        missing(ours);
        ours = database.next();
      } else {
        long id = theirs.id();
        List<ComparedDocument> same = new ArrayList<>();
        while (theirs != null && theirs.id() == id) {
          same.add(theirs);
          theirs = served.next();
        }
        if (ours == null || ours.id() > id) {
          documents -= ours == null ? 0 : 1;
          same.forEach(this::ghost);
        } else {
          compare(ours, same);
          ours = database.next();
        }
      }
    }
    return documents;
  }

  private void missing(@Nullable ComparedDocument ours) {
    if (ours != null) {
      differences.add(
          new Difference(slave, ours.id(), Kind.MISSING, null, "in city " + ours.city(), null));
    }
  }

  private void ghost(ComparedDocument theirs) {
    differences.add(
        new Difference(slave, theirs.id(), Kind.GHOST, null, null, "in city " + theirs.city()));
  }

  /** One of the slave's is the document, by its city if possible; all others are too many. */
  private void compare(ComparedDocument ours, List<ComparedDocument> same) {
    int at = 0;
    for (int i = 0; i < same.size(); i++) {
      if (same.get(i).city().equals(ours.city())) {
        at = i;
        break;
      }
    }
    compare(ours, same.get(at));
    for (int i = 0; i < same.size(); i++) {
      if (i != at) {
        differences.add(
            new Difference(
                slave,
                ours.id(),
                Kind.GHOST,
                null,
                "once, in city " + ours.city(),
                "once more, in city " + same.get(i).city()));
      }
    }
  }

  private void compare(ComparedDocument ours, ComparedDocument theirs) {
    if (!ours.city().equals(theirs.city())) {
      differences.add(
          new Difference(slave, ours.id(), Kind.CITY, "city", ours.city(), theirs.city()));
    }
    if (ours.version() != theirs.version()) {
      differences.add(
          new Difference(
              slave,
              ours.id(),
              Kind.VERSION,
              "version",
              Long.toString(ours.version()),
              Long.toString(theirs.version())));
    }
    TreeSet<String> names = new TreeSet<>(ours.fields().keySet());
    names.addAll(theirs.fields().keySet());
    for (String name : names) {
      String here = ours.fields().get(name);
      String there = theirs.fields().get(name);
      if (here == null ? there != null : !here.equals(there)) {
        differences.add(new Difference(slave, ours.id(), Kind.FIELD, name, here, there));
      }
    }
  }
}
