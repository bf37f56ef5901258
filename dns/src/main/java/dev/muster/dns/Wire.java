package dev.muster.dns;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.Compression;
import org.xbill.DNS.DNSOutput;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.Section;

/// The bytes of an answer. Not the library's encoder, for two reasons: that one drops whole
/// record sets at a limit, and does not let names refer to a SRV record's target, which must be
/// written out itself (RFC 2782) but may be referred to. An answer of SRV records and their
/// addresses becomes a tenth smaller by that, as Consul's is.
///
/// Right for the records that we make; of others, the names within them are in lower case.
final class Wire {
  private final DNSOutput out = new DNSOutput(512);
  private final @Nullable Compression compression;

  private Wire(boolean compresses) {
    compression = compresses ? new Compression() : null;
  }

  static byte[] encode(Message message, boolean compresses) {
    var wire = new Wire(compresses);
    wire.out.writeByteArray(message.getHeader().toWire());
    for (Record question : message.getSection(Section.QUESTION)) {
      wire.write(question.getName());
      wire.out.writeU16(question.getType());
      wire.out.writeU16(question.getDClass());
    }
    for (int section : List.of(Section.ANSWER, Section.AUTHORITY, Section.ADDITIONAL)) {
      message.getSection(section).forEach(wire::write);
    }
    return wire.out.toByteArray();
  }

  private void write(Record record) {
    write(record.getName());
    out.writeU16(record.getType());
    out.writeU16(record.getDClass());
    out.writeU32(record.getTTL());
    int lengthAt = out.current();
    out.writeU16(0);
    writeData(record);
    out.writeU16At(out.current() - lengthAt - 2, lengthAt);
  }

  private void writeData(Record record) {
    switch (record) {
      case SRVRecord service -> {
        out.writeU16(service.getPriority());
        out.writeU16(service.getWeight());
        out.writeU16(service.getPort());
        writeWhole(service.getTarget());
      }
      case NSRecord server -> write(server.getTarget());
      case CNAMERecord alias -> write(alias.getTarget());
      case PTRRecord pointer -> write(pointer.getTarget());
      case SOARecord authority -> {
        write(authority.getHost());
        write(authority.getAdmin());
        out.writeU32(authority.getSerial());
        out.writeU32(authority.getRefresh());
        out.writeU32(authority.getRetry());
        out.writeU32(authority.getExpire());
        out.writeU32(authority.getMinimum());
      }
      default -> out.writeByteArray(record.rdataToWireCanonical());
    }
  }

  private void write(Name name) {
    name.toWire(out, compression);
  }

  /// Writes all of a name, and lets later ones refer to it.
  private void writeWhole(Name name) {
    if (compression != null) {
      int at = out.current();
      for (int i = 0; i < name.labels() - 1; i++) { // the last is the root
        Name suffix = i == 0 ? name : new Name(name, i);
        if (compression.get(suffix) < 0) {
          compression.add(at, suffix);
        }
        at += name.getLabel(i).length;
      }
    }
    name.toWire(out, null);
  }
}
