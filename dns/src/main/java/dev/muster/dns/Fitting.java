package dev.muster.dns;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.Type;

/// Makes an answer small enough, record by record. What nobody asked for goes first: metadata,
/// then the authority, then answers from the end, each with the addresses of its target. Pure.
final class Fitting {
  private Fitting() {}

  /// The finding, or as much of it as fits.
  ///
  /// @param answersMax how many answers there may be, whatever their size
  /// @param fits never true for more records if it is false for fewer
  static Finding fit(Finding whole, int answersMax, Predicate<Finding> fits) {
    if (whole.answers().size() <= answersMax && fits.test(whole)) {
      return whole;
    }
    int fitting = 0;
    int tooMany = Math.min(answersMax, whole.answers().size()) + 1;
    while (tooMany - fitting > 1) {
      int middle = (fitting + tooMany) >>> 1;
      if (fits.test(first(whole, middle))) {
        fitting = middle;
      } else {
        tooMany = middle;
      }
    }
    if (fitting == 0 && answersMax > 0 && !whole.answers().isEmpty()) {
      Finding alone = whole.with(whole.answers().subList(0, 1), List.of(), List.of());
      if (fits.test(alone)) {
        return alone;
      }
    }
    return first(whole, fitting);
  }

  private static Finding first(Finding whole, int count) {
    List<Record> answers = whole.answers().subList(0, count);
    boolean isNegative = whole.answers().isEmpty();
    return whole.with(
        answers,
        isNegative ? whole.authority() : List.of(),
        addressesOf(answers, whole.additional()));
  }

  /// The records that say where the answers' targets are.
  private static List<Record> addressesOf(List<Record> answers, List<Record> additional) {
    Set<Name> wanted = new HashSet<>();
    answers.forEach(answer -> wantTarget(answer, wanted));
    Set<Record> found = new LinkedHashSet<>();
    int before;
    do { // once more for each alias on the way
      before = found.size();
      for (Record record : additional) {
        if (wanted.contains(record.getName()) && record.getType() != Type.TXT) {
          found.add(record);
          wantTarget(record, wanted);
        }
      }
    } while (found.size() > before);
    return new ArrayList<>(found);
  }

  private static void wantTarget(Record record, Set<Name> wanted) {
    switch (record) {
      case SRVRecord service -> wanted.add(service.getTarget());
      case NSRecord server -> wanted.add(server.getTarget());
      case CNAMERecord alias -> wanted.add(alias.getTarget());
      default -> {}
    }
  }
}
