package dev.muster.balancer.session;

import dev.muster.balancer.config.UpstreamConfig.Sticky;
import dev.muster.balancer.http1.HeadWriter;
import dev.muster.balancer.http1.Octets;
import dev.muster.balancer.request.Request;
import dev.muster.balancer.variable.Template;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The cookie that binds a browser to a member, as it is written (RFC 6265 section 4.1). Immutable.
final class InsertedCookie {
  private static final byte[] DOMAIN = Octets.ascii("; Domain=");

  private final Sticky.Cookie config;
  private final byte[] lowerCaseName;
  private final byte[] start;
  private final byte[] attributes;

  InsertedCookie(Sticky.Cookie config) {
    this.config = config;
    this.lowerCaseName = Octets.ascii(config.name().toLowerCase(Locale.ROOT));
    this.start = Octets.ascii("Set-Cookie: " + config.name() + "=");
    StringBuilder all = new StringBuilder();
    config.expires().ifPresent(time -> all.append("; Max-Age=").append(time.toSeconds()));
    if (!config.path().isEmpty()) {
      all.append("; Path=").append(config.path());
    }
    config.attributes().forEach(each -> all.append("; ").append(each));
    this.attributes = Octets.ascii(all.toString());
  }

  String name() {
    return config.name();
  }

  byte[] lowerCaseName() {
    return lowerCaseName;
  }

  /// Whether every answer sets it anew, so that it ends that long after the last of them.
  boolean isRenewed() {
    return config.expires().isPresent();
  }

  /// Where it is to be sent, as the request has it; null if nothing is said about it.
  @Nullable String domain(Request request) {
    Template domain = config.domain().orElse(null);
    return domain == null ? null : domain.text(request);
  }

  /// Appends the line that sets it.
  void write(byte[] value, @Nullable String domain, HeadWriter out) {
    out.write(start).write(value);
    if (domain != null && !domain.isEmpty()) {
      out.write(DOMAIN).write(Octets.ascii(domain));
    }
    out.write(attributes).endLine();
  }
}
