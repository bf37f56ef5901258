package dev.muster.dns;

import java.util.List;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;

/// What a question came to: the records of an answer before it is a message.
///
/// @param rcode of [Rcode]
/// @param isNegative whether the answer says by a SOA that there is nothing (RFC 2308)
/// @param dependsOnAsker whether another network may get another answer (RFC 7871)
record Finding(
    int rcode,
    boolean isNegative,
    boolean dependsOnAsker,
    List<Record> answers,
    List<Record> authority,
    List<Record> additional) {
  /// The name does not exist.
  static final Finding NO_NAME = of(Rcode.NXDOMAIN, true);

  /// The name exists, but has no records of this type.
  static final Finding NO_DATA = of(Rcode.NOERROR, true);

  /// As [#NO_DATA], but without a SOA, as Consul answers for nodes and addresses.
  static final Finding NOTHING = of(Rcode.NOERROR, false);

  static final Finding NOT_IMPLEMENTED = of(Rcode.NOTIMP, false);

  Finding {
    answers = List.copyOf(answers);
    authority = List.copyOf(authority);
    additional = List.copyOf(additional);
  }

  private static Finding of(int rcode, boolean isNegative) {
    return new Finding(rcode, isNegative, false, List.of(), List.of(), List.of());
  }

  static Finding of(List<Record> answers, List<Record> additional) {
    return new Finding(Rcode.NOERROR, false, false, answers, List.of(), additional);
  }

  Finding withAuthority(Record record) {
    return new Finding(rcode, isNegative, dependsOnAsker, answers, List.of(record), additional);
  }

  Finding with(List<Record> newAnswers, List<Record> newAuthority, List<Record> newAdditional) {
    return new Finding(rcode, isNegative, dependsOnAsker, newAnswers, newAuthority, newAdditional);
  }

  Finding forAskerOnly() {
    return new Finding(rcode, isNegative, true, answers, authority, additional);
  }
}
