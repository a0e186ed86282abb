package freshet.indexer.doctor;

/**
 * Something that ails, in words.
 *
 * @param ailment what family it is of
 * @param party who is likely at fault
 * @param where the server; or this host
 * @param what is wrong
 * @param evidence what was measured
 * @param next what to do next
 * @param heading where docs/troubleshooting.md goes on
 */
public record DoctorFinding(
    Ailment ailment,
    Party party,
    String where,
    String what,
    String evidence,
    String next,
    String heading) {}
